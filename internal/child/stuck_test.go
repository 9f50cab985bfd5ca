package child

import (
	"strings"
	"testing"
)

const (
	stackMeeting = `goroutine 1 [running]:
github.com/mapstress/mapstress/scheduler.(*meeting).await(0xc000010000, 0x7)
	/x/meeting.go:10 +0x1
github.com/mapstress/mapstress/scheduler.(*Engine).Run(0xc000010000)
	/x/engine.go:10 +0x1
`
	stackCalling = `goroutine 6 [sync.Mutex.Lock]:
sync.(*Mutex).Lock(...)
	/go/mutex.go:46
example.com/x.(*Map).Store(0xc000010000, 0x7, 0x7)
	/x/x.go:30 +0x1
github.com/mapstress/mapstress/scheduler.(*worker).call(0xc000010000)
	/x/worker.go:110 +0x1
created by github.com/mapstress/mapstress/scheduler.(*crew).start in goroutine 1
	/x/crew.go:40 +0x1
`
	stackDaemon = `goroutine 7 [select (no cases)]:
example.com/x.(*Map).janitor(...)
	/x/x.go:10
created by example.com/x.New in goroutine 1
	/x/x.go:5 +0x1
`
	stackSpinner = `goroutine 8 [running]:
example.com/x.(*Map).spinner(...)
	/x/x.go:12
created by example.com/x.New in goroutine 1
	/x/x.go:6 +0x1
`
)

// What the target started proves nothing while nobody calls the target: it is a daemon, and
// the machine so busy that the child seems to stand still.
func TestStuck(t *testing.T) {
	for _, c := range []struct {
		name, stacks  string
		last, burning bool
		want          string
	}{
		{"a lock that is never released", stackMeeting + "\n" + stackCalling, false, false, "hang: deadlock"},
		{"with a daemon", stackMeeting + "\n" + stackCalling + "\n" + stackDaemon, false, false, "hang: deadlock"},
		{"a daemon alone", stackMeeting + "\n" + stackDaemon, true, true, "unknown: no-progress"},
		{"a busy daemon alone", stackMeeting + "\n" + stackSpinner, true, true, "unknown: no-progress"},
		{"a lock that a busy goroutine may hold", stackMeeting + "\n" + stackCalling + "\n" + stackSpinner, false, false, "unknown: no-progress"},
		{"a lock that one holds that runs for ever", stackMeeting + "\n" + stackCalling + "\n" + stackSpinner, true, true, "hang: livelock"},
		{"nobody", stackMeeting, true, true, "unknown: no-progress"},
	} {
		v := stuck(c.stacks, c.last, c.burning)
		if got := v.Class.String() + ": " + v.Rule; got != c.want {
			t.Errorf("%s: got %s (%s); want %s", c.name, got, v.Detail, c.want)
		}
	}
}

// In somebody's own module our packages have other paths: those who wait for requests there are no
// workers, and the goroutine of the engine is one if it is in a method of the map.
func TestStuckInModule(t *testing.T) {
	const stackMain = `goroutine 1 [select (no cases)]:
github.com/mapstress/mapstress/internal/child/serve.Main({0xc000010000, 0x1, 0x1})
	/x/serve.go:50 +0x1
main.main()
	/x/main.go:50 +0x1

goroutine 5 [chan receive]:
github.com/mapstress/mapstress/internal/child/serve.(*server).serve(0xc000010000)
	/x/serve.go:60 +0x1
created by github.com/mapstress/mapstress/internal/child/serve.Main in goroutine 1
	/x/serve.go:49 +0x1
`
	reading := strings.NewReplacer("worker).call", "Engine).read", "goroutine 6", "goroutine 9").Replace(stackCalling)
	for _, c := range []struct{ name, stacks, want string }{
		{"a worker", stackCalling, "the only worker left waits for another goroutine: sync.Mutex.Lock in example.com/x.(*Map).Store"},
		{"the engine", reading, "the only worker left waits for another goroutine: sync.Mutex.Lock in example.com/x.(*Map).Store"},
		{"nobody", "", "no method of the target's is being called"},
	} {
		for _, path := range []string{"github.com/mapstress/mapstress/", "example.com/app/child-of-mapstress/", "app/internal/child-of-mapstress/"} {
			stacks := strings.ReplaceAll(stackMain+"\n"+c.stacks, "github.com/mapstress/mapstress/", path)
			if v := stuck(stacks, false, false); v.Detail != c.want {
				t.Errorf("%s, in %s: got %s: %q; want %q", c.name, path, v.Class, v.Detail, c.want)
			}
		}
	}
}
