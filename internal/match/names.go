package match

import "strings"

// A store and a delete are of the same names whether they answer or not.
const (
	storing  = "Store Set Put SetDefault Insert Add Upsert Update Save SetValue SetItem SetWithTTL SetWithExpire Assign Commit Register Write ReplaceOrInsert Create"
	deleting = "Delete Del Remove Erase Invalidate Evict Unset Forget DeleteKey Unregister Deregister Drop Discard"
)

// names are those that methods of each meaning have, the usual ones first.
var names = map[string]string{
	"Load":             "Load Get HasGet Lookup Find Peek Fetch Value GetValue GetItem GetIfPresent GetIFPresent GetQuietly GetEntry GetEntryQuietly Search At Has Contains ContainsKey HasKey Exists Exist Include Resolve Read ContainsOne Includes IsMember Test GetOrDefault GetOr GetDefault GetWithDefault LoadOrDefault ValueOr",
	"Store":            storing,
	"Put":              storing,
	"Delete":           deleting,
	"Remove":           deleting,
	"LoadOrStore":      "LoadOrStore GetOrSet GetOrInsert GetOrPut GetOrAdd LoadOrInsert FindOrInsert PutIfAbsent SetIfAbsent StoreIfAbsent AddIfAbsent InsertIfAbsent PeekOrAdd ContainsOrAdd SetNX SetIfNotExists SetIfNotExist AddIfNotExists NotFoundAdd TryAdd Add Insert LoadOrCompute LoadOrTryCompute LoadOrStoreLazy GetOrCompute GetOrCreate GetOrLoad GetOrFetch GetOrInit GetOrSetFunc GetOrInsertWith GetOrInsertFunc GetOrElse GetOrSetFactory ComputeIfAbsent GetByLoader Register RegisterIfAbsent Create CreateIfNotExists",
	"LoadAndDelete":    "LoadAndDelete GetAndDelete GetAndDel GetAndRemove Pop Take Extract Remove Delete Del Erase Evict Invalidate RemoveCb",
	"Swap":             "Swap LoadAndStore GetAndSet GetAndPut GetAndUpdate Exchange SetAndGet Store Set Put Insert Upsert Update Replace Compute Alter Modify Mutate Apply Transform",
	"CompareAndSwap":   "CompareAndSwap CompareAndSet CompareAndReplace CAS ReplaceIf Replace",
	"CompareAndDelete": "CompareAndDelete CompareAndRemove DeleteIf RemoveIf RemoveEntry Delete Remove",
	"Compute":          "Compute Update Alter Upsert",
	"Range":            "Range All ForEach Each Iterate Iter Entries Do Walk Visit Traverse Scan Ascend IterCb Items IterBuffered Iterator Snapshot ToMap Map AsMap GetAll GetItems GetALL Keys GetKeys ListKeys ScanKeys Names IDs ToSlice Slice Elements Members List ListAll FindAll Values FromOldest FromNewest RangeBackwards Backward Backwards Reverse Descend AsList AsSlice",
	"Len":              "Len Size Count ItemCount Length EntryCount Cardinality GetCardinality Num",
	"IsEmpty":          "IsEmpty Empty",
	"Clear":            "Clear Flush Reset RemoveAll DeleteAll Purge InvalidateAll LoadAndDeleteAll Empty",
	"Clone":            "Clone Copy Snapshot DeepCopy CopyData Fork IsoCopy",
	"Close":            "Close Stop Shutdown Dispose",
}

// Ops are the fields of target.Map that may have candidates, in the order in which they
// are told.
var Ops = []string{"Load", "Store", "Put", "Delete", "Remove", "LoadOrStore", "LoadAndDelete", "Swap", "CompareAndSwap", "CompareAndDelete", "Compute", "Range", "Len", "IsEmpty", "Clear", "Clone", "Close"}

// named returns the methods whose names mean that op.
func (m *Map) named(op string) (found []*Method) {
	noun := m.noun()
	for _, name := range strings.Fields(names[op]) {
		for i := range m.Methods {
			if verbOf(m.Methods[i].Name, noun) == name {
				found = append(found, &m.Methods[i])
			}
		}
	}
	return found
}

// opOf returns the op that a name means, the first of Ops if it may be several.
func opOf(name string) string {
	for _, op := range Ops {
		for _, n := range strings.Fields(names[op]) {
			if n == name {
				return op
			}
		}
	}
	return ""
}
