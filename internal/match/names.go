package match

import "strings"

// names are those that methods of each meaning have, the usual ones first.
var names = map[string]string{
	"Load":             "Load Get HasGet Lookup Find Peek Fetch Value GetIfPresent GetQuietly Search",
	"Store":            "Store Set Put SetDefault Insert Add Upsert Save SetWithTTL SetWithExpire",
	"Delete":           "Delete Del Remove Erase Invalidate Evict Unset Forget DeleteKey",
	"LoadOrStore":      "LoadOrStore GetOrSet GetOrInsert GetOrPut GetOrAdd LoadOrInsert PutIfAbsent SetIfAbsent StoreIfAbsent AddIfAbsent InsertIfAbsent PeekOrAdd",
	"LoadAndDelete":    "LoadAndDelete GetAndDelete GetAndDel GetAndRemove Pop Take Extract Remove Delete Del Invalidate RemoveCb",
	"Swap":             "Swap LoadAndStore GetAndSet GetAndPut GetAndUpdate Exchange Store Set Put Insert Upsert Replace",
	"CompareAndSwap":   "CompareAndSwap CompareAndSet CAS ReplaceIf Replace",
	"CompareAndDelete": "CompareAndDelete CompareAndRemove DeleteIf RemoveIf Delete Remove",
	"Compute":          "Compute Update Alter Upsert",
	"Range":            "Range All ForEach Each Iterate Iter Entries Do Walk Scan Ascend IterCb Items IterBuffered Iterator Snapshot ToMap Map Keys RangeBackwards Backward Backwards Reverse Descend",
	"Len":              "Len Size Count ItemCount Length EntryCount EstimatedSize Cardinality",
	"IsEmpty":          "IsEmpty Empty",
	"Clear":            "Clear Flush Reset RemoveAll DeleteAll Purge InvalidateAll Empty",
	"Close":            "Close Stop Shutdown Dispose",
}

// Ops are the fields of target.Map that may have candidates, in the order in which they
// are told.
var Ops = []string{"Load", "Store", "Delete", "LoadOrStore", "LoadAndDelete", "Swap", "CompareAndSwap", "CompareAndDelete", "Compute", "Range", "Len", "IsEmpty", "Clear", "Close"}

// named returns the methods whose names mean that op.
func (m *Map) named(op string) (found []*Method) {
	for _, name := range strings.Fields(names[op]) {
		for i := range m.Methods {
			if m.Methods[i].Name == name {
				found = append(found, &m.Methods[i])
			}
		}
	}
	return found
}

// why says what a method lacks that is known, but of no use.
func why(m *Method) string {
	switch m.Name {
	case "SetIfAbsent", "PutIfAbsent", "StoreIfAbsent", "AddIfAbsent", "ContainsOrAdd":
		return "it does not answer the value that was there"
	case "Has", "Contains", "ContainsKey", "Exists":
		return "it answers no value"
	}
	return ""
}
