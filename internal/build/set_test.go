package build

import (
	"context"
	"os"
	"slices"
	"testing"
)

// TestSet: a set of the user's own module, a map of empty structs, which is one, too; a map whose
// methods are named after what it holds, one that finds its keys in what it is given, one of interfaces,
// and a type that is a built-in map.
func TestSet(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	ownCache(t)
	inModule(t, map[string]string{"sets.go": `package sets

import (
	"errors"
	"io"
)

type Set map[string]struct{}

func New() *Set { return &Set{} }

func (s *Set) Has(k string) bool          { _, ok := (*s)[k]; return ok }
func (s *Set) Items() map[string]struct{} { return *s }
func (s *Set) Remove(k string)            { delete(*s, k) }

// Add reports whether the key was there.
func (s *Set) Add(k string) bool {
	there := s.Has(k)
	(*s)[k] = struct{}{}
	return there
}

type Map[V any] struct{ m map[string]V }

// Labels is for concurrent use, if it is only read.
type Labels map[string]int

func (l Labels) Get(k string) (int, bool) { v, ok := l[k]; return v, ok }
func (l Labels) Set(k string, v int)      { l[k] = v }

func NewMap[V any]() *Map[V] { return &Map[V]{map[string]V{}} }

func (m *Map[V]) Get(k string) (V, bool) { v, ok := m.m[k]; return v, ok }

// Set says whether there was something.
func (m *Map[V]) Set(k string, v V) bool {
	_, had := m.m[k]
	m.m[k] = v
	return had
}

// Update and Mutate cannot say whether a struct{} was there.
func (m *Map[V]) Update(k string, f func(V) (V, error)) error {
	v, err := f(m.m[k])
	if err == nil {
		m.m[k] = v
	}
	return err
}

func (m *Map[V]) Mutate(k string, f func(*V)) {
	v := m.m[k]
	f(&v)
	m.m[k] = v
}

type User struct{ Name string }

type Registry struct{ users map[string]*User }

func NewRegistry() *Registry { return &Registry{map[string]*User{}} }

func (r *Registry) AddUser(id string, u *User)      { r.users[id] = u }
func (r *Registry) User(id string) *User            { return r.users[id] }
func (r *Registry) RemoveUserByID(id string)        { delete(r.users, id) }
func (r *Registry) UserCount() int                  { return len(r.users) }
func (r *Registry) Users() map[string]*User         { return r.users }
func (r *Registry) AddAlias(id string, name string) {}

type Session struct{ Name, ID string }

type Sessions map[string]*Session

func (s Sessions) Create(x *Session) error {
	if s[x.ID] != nil {
		return errors.New("it is there")
	}
	s[x.ID] = x
	return nil
}

func (s Sessions) FindByID(id string) (*Session, error) {
	if s[id] == nil {
		return nil, errors.New("it is not there")
	}
	return s[id], nil
}

func (s Sessions) DeleteByID(id string) error {
	_, err := s.FindByID(id)
	delete(s, id)
	return err
}

func (s Sessions) FindAll() (all []*Session) {
	for _, x := range s {
		all = append(all, x)
	}
	return all
}

type Client struct {
	Key  int
	Send chan string
}

type Hub map[int]*Client

// Add says whether it is new.
func (h Hub) Add(c *Client) bool {
	n := len(h)
	h[c.Key] = c
	return len(h) > n
}

func (h Hub) Lookup(key int) *Client      { return h[key] }
func (h Hub) Remove(c *Client)            { delete(h, c.Key) }
func (h Hub) Each(f func(c *Client) bool) {
	for _, c := range h {
		if !f(c) {
			return
		}
	}
}

type Plugin interface {
	Name() string
	Run(w io.Writer, args ...string) error
}

type Plugins struct{ m map[string]Plugin }

func NewPlugins() *Plugins { return &Plugins{map[string]Plugin{}} }

func (p *Plugins) Register(name string, plugin Plugin) { plugin.Run(nil); p.m[name] = plugin }
func (p *Plugins) Get(name string) Plugin              { return p.m[name] }
func (p *Plugins) All() map[string]Plugin              { return p.m }
`})
	for expr, want := range map[string][]string{
		"New()":               {"load: Has", "store: Add", "delete: Remove", "load-or-store: Add", "range: Items"},
		"NewMap[struct{}]()":  {"load: Get", "store that answers: Set"},
		"NewMap[[][]error]()": {"load: Get", "store that answers: Set", "swap: Update", "swap: Mutate"},
		"Hub{}":               {"load: Lookup", "store that answers: Add", "delete: Remove", "range: Each"},
		"NewRegistry()":       {"load: User", "store: AddUser", "delete: RemoveUserByID", "range: Users", "len: UserCount"},
		"Labels":              {"load: Get", "store: Set"},
		"Sessions":            {"load: FindByID", "delete that answers: DeleteByID", "load-or-store: Create", "range: FindAll"},
		"NewPlugins()":        {"load: Get", "store: Register", "range: All"},
	} {
		c, err := New(context.Background(), only(os.DirFS(checkoutPath(t))), Spec{Package: ".", Expr: expr})
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if r := &c.Report; !slices.Equal(r.Taken, want) {
			t.Errorf("%s: %+v; want %q", expr, r, want)
		}
	}
}
