package match

import (
	"slices"
	"testing"
)

// TestNoun: the noun of a map's methods, and which of them each op has then.
func TestNoun(t *testing.T) {
	user := pointer(Type{Text: "app.User", Kind: "struct"})
	store := func(name string) Method { return Method{Name: name, In: types(str, user)} }
	load := func(name string) Method { return Method{Name: name, In: types(str), Out: types(user, boolean)} }
	other := func(name string) Method { return Method{Name: name} }
	for _, test := range []struct {
		name    string
		methods []Method
		noun    string
		named   map[string][]string
	}{
		{"a registry", []Method{store("AddUser"), load("GetUser"), other("RemoveUserByID"), other("UserCount"), other("Users")}, "User",
			map[string][]string{"Load": {"GetUser"}, "Store": {"AddUser"}, "Delete": {"RemoveUserByID"}, "Len": {"UserCount"}, "Range": {"Users"}}},
		{"nothing that stores by the whole name", []Method{store("PutEntry"), load("Entry"), other("GetEntries"), other("Save")}, "Entry",
			map[string][]string{"Load": {"Entry"}, "Store": {"PutEntry", "Save"}, "Range": {"GetEntries"}}},
		{"whole names first", []Method{store("Set"), load("Get"), store("SetUser"), load("GetUser")}, "",
			map[string][]string{"Load": {"Get"}, "Store": {"Set"}}},
		{"the one with more", []Method{store("AddAlias"), load("Alias"), store("SetUser"), load("GetUser"), other("DeleteUser")}, "User",
			map[string][]string{"Load": {"GetUser"}, "Store": {"SetUser"}, "Delete": {"DeleteUser"}}},
		{"no load", []Method{store("SetCapacity"), other("DeleteCapacity")}, "", nil},
		{"one word only", []Method{store("Address"), load("Getting")}, "", nil},
		{"longest verb", []Method{store("GetOrSetUser"), load("GetUser")}, "User",
			map[string][]string{"Load": {"GetUser"}, "LoadOrStore": {"GetOrSetUser"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &Map{Type: Type{Text: "*app.Registry"}, Methods: test.methods}
			if got := m.noun(); got != test.noun {
				t.Errorf("the noun is %q; want %q", got, test.noun)
			}
			for op, want := range test.named {
				var got []string
				for _, method := range m.named(op) {
					got = append(got, method.Name)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q; want %q", op, got, want)
				}
			}
		})
	}
}

// TestVerbOf: names that have the noun, and names that seem to.
func TestVerbOf(t *testing.T) {
	for _, test := range [][3]string{
		{"GetUser", "User", "Get"}, {"UserExists", "User", "Exists"}, {"ForEachUser", "User", "ForEach"},
		{"DeleteUserByName", "User", "Delete"}, {"GetAllUsers", "User", "GetAll"}, {"ClearUsers", "User", "Clear"},
		{"Policies", "Policy", "All"}, {"ListPolicies", "Policy", "List"}, {"NumBoxes", "Box", "Num"},
		{"UserAgent", "User", "UserAgent"}, {"Bytes", "User", "Bytes"}, {"Get", "", "Get"},
	} {
		if got := verbOf(test[0], test[1]); got != test[2] {
			t.Errorf("verbOf(%q, %q) = %q; want %q", test[0], test[1], got, test[2])
		}
	}
}
