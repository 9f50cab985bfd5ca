package history

// Boundaries are the sizes at which a map replaces or splits its storage, each
// list ascending. A zero Boundaries means that none are known.
type Boundaries struct {
	Up   []int `json:"up,omitempty"`   // the next insert grows the map
	Down []int `json:"down,omitempty"` // the next delete shrinks it
}
