// Package match finds out what the methods of somebody's map may be for, by their names
// and signatures, and writes the Go source that calls them.
//
// Where a name may mean several things, or extra arguments may have several values, it
// has a candidate for each: which one is right it cannot know. That is tried out where the
// map is, by target/methods.
package match

// A Map is what is known of the map: the static type of an expression.
type Map struct {
	Type    Type
	Methods []Method          // exported ones, those of its address too
	Imports map[string]string // of the types' packages: their names by their paths
	// Rest are the values that the expression has beside the map: "err" for an error, "stop" for a
	// function that takes nothing, and answers nothing or an error; "" for anything else.
	Rest    []string
	Dynamic Dynamic // of an interface; zero if it is none, or what it holds has no name
}

// A Dynamic is the type of what an interface holds.
type Dynamic struct{ Path, Name string }

// A Method is a name and a signature.
type Method struct {
	Name     string
	In, Out  []Type
	Variadic bool // the last one of In is a slice then
}

// A Type is one of Go's, in part: nothing of it is known but what matters here.
type Type struct {
	Text       string // Go source of it; package names are those of Map.Imports
	Kind       string // as reflect names it
	Comparable bool
	Hidden     bool // it cannot be written outside its package
	Elem, Key  *Type
	Len        int      // of an array
	In, Out    []Type   // of a function
	Fields     []Field  // exported ones, of a struct
	Getters    []Field  // methods of a pointer or interface that take nothing and answer one thing
	Methods    []Method // of an interface
	Sealed     bool     // it is an interface that no type of another package can have
}

// A Field is a name and a type.
type Field struct {
	Name string
	Type Type
}

// A Candidate is a function for one of the fields of target.Map.
type Candidate struct {
	Op   string // the field: "LoadOrStore"
	Name string // the method it calls
	// Code is Go source of the function, of the map m. That of a Clone has target imported as
	// mapstress, and may call adapt, which makes a target.Map of another m in the same way.
	Code string
	// Signature is the method's, if it does what its name says without more ado; else it
	// is empty.
	Signature string
}

// An Unused is a method that nothing was made of.
type Unused struct {
	Name      string
	Signature string // "(io.Reader) error", where the reason is in it
	Why       string // worded to fit several methods
}

// An Adapter is what was made of a map.
type Adapter struct {
	Type       string // the map's
	Key, Value string // Go types of target.Map's
	KeyOf      Type   // the map's own, which the adapter may have as strings or ints
	ValueOf    Type
	KeyField   string // of what the values point to, that has their key; empty if none has
	Candidates []Candidate
	Unused     []Unused // methods that nothing was made of
	Imports    map[string]string
	Rest       []string // as of the Map
}
