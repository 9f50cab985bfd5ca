package child

import "testing"

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
