// Package serve is the child's side of a child process: it runs schedules
// against the targets it was given, judges the histories on the spot, and says
// what came of it. It may die of any run, and leaves the rest to its parent.
//
// It is built into children next to other people's maps: of packages that are
// not ours it uses goleak, itself standard library only.
package serve

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/target"
)

// Race says whether this process has the race detector.
const Race = raceEnabled

// Requested reports whether this process was started as a child.
func Requested() bool {
	_, requested := Set()
	return requested
}

// Set returns the name of the set of targets that this process is to serve, which may be
// empty, if it was started as a child.
func Set() (name string, requested bool) { return os.LookupEnv(wire.Environ) }

// Main serves the parent until it closes the pipe, and does not return.
func Main(targets []target.Target) {
	link, err := connect()
	if err != nil {
		fmt.Fprintf(os.Stderr, "mapstress child: %v\n", err)
		os.Exit(exitBroken)
	}
	os.Unsetenv(wire.Environ)  // what a target starts is no child of ours
	runtime.MemProfileRate = 0 // nobody looks, and a sample draws from what a target may draw from
	s := &server{targets: targets, journal: link.journal, out: link.out, mapped: newMapped()}
	requests := make(chan wire.Request)
	go s.receive(link.in, requests) // ends the process at the end of input
	s.send(wire.Frame{Hello: &wire.Hello{
		GoVersion: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH,
		CPUs: runtime.NumCPU(), Race: raceEnabled, Journal: link.shared, Hooks: controlled.Available,
	}})
	go s.serve(requests)
	select {} // a panic in serve ends the process; meanwhile nothing else must go on
}

// serve answers requests. It has a goroutine of its own: the caller's functions
// would be on the stacks of what fails, and look like the target's.
func (s *server) serve(requests <-chan wire.Request) {
	defer scheduler.ExitGuard() // a target that ends this goroutine would leave nobody to answer
	s.goroutines.baseline()
	for req := range requests {
		s.journal.Begin(req.ID)
		done, err := s.handle(&req)
		frame := wire.Frame{ID: req.ID, Done: done}
		if err != nil {
			frame = wire.Frame{ID: req.ID, Error: err.Error()}
		} else {
			done.CPUMillis = cpuMillis()
		}
		s.send(frame)
	}
}

// exitBroken is the exit code of a child that cannot do its work, through no
// fault of the target's.
const exitBroken = 70

// A link is a child's connection to its parent.
type link struct {
	in      io.Reader
	out     io.Writer
	journal *wire.Journal
	shared  bool // the journal's memory is the parent's too
}

type server struct {
	targets    []target.Target
	journal    *wire.Journal
	out        io.Writer
	goroutines leaks
	mapped     *mapped
}

// receive passes requests on, and looks by itself, for then the rest may be
// stuck. A child whose parent is gone has nobody to report
// to: it ends, whatever the target is doing at the time.
func (s *server) receive(in io.Reader, requests chan<- wire.Request) {
	buffered := bufio.NewReader(in)
	for {
		var req wire.Request
		if err := wire.Read(buffered, &req); err != nil {
			if err != io.EOF {
				fmt.Fprintf(os.Stderr, "mapstress child: read request: %v\n", err)
				os.Exit(exitBroken)
			}
			os.Exit(0)
		}
		if req.Do == wire.LookTask {
			s.look(req.ID)
			continue
		}
		requests <- req
	}
}

// look sends the stacks of all goroutines. To take them the runtime must stop
// them, and cannot if one of them loops within the runtime itself, as in the
// built-in map: then this never returns, and the stacks are to be had by SIGQUIT
// only, for which it first asks for those of goroutines that run.
func (s *server) look(id uint64) {
	debug.SetTraceback("crash")
	stacks := make([]byte, 1<<18)
	n := runtime.Stack(stacks, true)
	for n == len(stacks) && n < maxStacks {
		stacks = make([]byte, 2*n)
		n = runtime.Stack(stacks, true)
	}
	debug.SetTraceback("all")
	s.send(wire.Frame{ID: id, Look: &wire.Look{Stacks: string(stacks[:n]), Cut: n == len(stacks)}})
}

// maxStacks bounds the stacks that are sent, in bytes.
const maxStacks = 16 << 20

// send is safe for concurrent use: a frame is one call of Write.
func (s *server) send(f wire.Frame) {
	if err := wire.Write(s.out, f); err != nil {
		fmt.Fprintf(os.Stderr, "mapstress child: %v\n", err)
		os.Exit(exitBroken)
	}
}

func (s *server) handle(req *wire.Request) (*wire.Done, error) {
	switch req.Do {
	case wire.DescribeTask:
		return &wire.Done{Targets: s.describe()}, nil
	case wire.ProbeTask:
		v, err := s.variant(req.Target, req.Shape)
		if err != nil {
			return nil, err
		}
		growth, err := scheduler.Probe(v, req.Limit)
		return &wire.Done{Growth: growth}, err
	case wire.RunTask:
		if req.Controlled != nil {
			return s.control(req)
		}
		return s.run(req)
	}
	return nil, fmt.Errorf("unknown task %q", req.Do)
}

func (s *server) describe() (all []wire.Description) {
	for i := range s.targets {
		t := &s.targets[i]
		all = append(all, wire.Description{
			Name: t.Name, Doc: t.Doc, Contract: t.Contract, Variants: scheduler.Abilities(t),
		})
	}
	return all
}

func (s *server) find(name string) (*target.Target, error) {
	for i := range s.targets {
		if s.targets[i].Name == name {
			return &s.targets[i], nil
		}
	}
	return nil, fmt.Errorf("the child has no target %q", name)
}

func (s *server) variant(name string, shape target.Shape) (*target.Variant, error) {
	t, err := s.find(name)
	if err != nil {
		return nil, err
	}
	return t.Variant(shape)
}
