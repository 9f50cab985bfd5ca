// Package child runs child processes that run schedules, and that may die of
// them at any moment.
//
// The parent keeps the books and survives whatever a child does: crash, hang,
// print without end, never answer, be killed. It knows nothing of maps; what a
// history means was decided in the child, what a death means it asks
// oracle/crash.
package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// Config says how to start children. The zero Config is not valid: Command must
// be set.
type Config struct {
	// Command is the program and its arguments.
	Command []string
	// Set is the name of the set of targets that the program should serve.
	Set string
	// Dir is its working directory; empty means the one that is its own, for what it may
	// leave behind, as are its temporary files.
	Dir string
	// Memory limits a child's address space, in bytes; 0 means 8 GiB, less than
	// 0 no limit. There is none under the race detector, which needs it all.
	Memory int64
	// Patience is how long a child may make no progress before it is looked
	// at; 0 means a second. A child that may be merely slow is waited for 16
	// times as long.
	Patience time.Duration

	hello time.Duration // how long a new child has to say hello; 0 means helloTime
}

const (
	defaultMemory = 8 << 30
	// helloTime is how long a new child has to say hello.
	helloTime = 20 * time.Second
	// lastWords is how long the output of a child that has ended is waited for.
	lastWords = time.Second
)

// A process is one child process. It is for one goroutine at a time.
type process struct {
	cmd      *exec.Cmd
	requests io.WriteCloser
	answers  io.ReadCloser
	frames   chan wire.Frame // closed at the end of the child's frames
	garbage  error           // why the frames ended, if not at an end; read after frames is closed
	journal  *wire.Journal
	release  func() // what is left once the process is gone
	printed  *capture
	ended    chan struct{} // closed when the process has been waited for
	hello    wire.Hello
	lastID   uint64
	cpu      time.Duration // CPU time already accounted for
	memory   int64         // how much it may have, in bytes; negative is no limit
	idle     time.Duration // without progress, when a request was given up
}

// start starts a child and waits for its hello.
func start(ctx context.Context, c *Config, k kind, dir string, spawn *spawner) (*process, error) {
	if len(c.Command) == 0 {
		return nil, errors.New("start child: no command")
	}
	cmd := exec.Command(c.Command[0], c.Command[1:]...)
	cmd.Dir = dir
	if c.Dir != "" {
		cmd.Dir = c.Dir
	}
	memory := c.Memory
	if memory == 0 {
		memory = defaultMemory
	}
	cmd.Env = append(os.Environ(), wire.Environ+"="+c.Set, "GOTRACEBACK=all",
		fmt.Sprintf("%s=%d", wire.MemoryEnviron, max(memory, 0)),
		"GORACE=atexit_sleep_ms=0 halt_on_error=1 "+os.Getenv("GORACE"),
		"TMPDIR="+dir, "TMP="+dir, "TEMP="+dir) // the last two on Windows
	cmd.Env = append(cmd.Env, k.environ()...)
	p := &process{cmd: cmd, memory: memory, frames: make(chan wire.Frame), ended: make(chan struct{})}
	if err := p.launch(spawn); err != nil {
		return nil, fmt.Errorf("start child %s: %w", c.Command[0], err)
	}
	go func() { // ended by the end of the process; p.ended tells
		defer close(p.ended)
		cmd.Wait() // its error is in cmd.ProcessState
		p.killGroup()
	}()
	go p.receive() // ends at the end of p.answers, when the process ends or is killed
	hello := c.hello
	if hello == 0 {
		hello = helloTime
	}
	if err := p.greet(ctx, hello); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *process) receive() {
	defer p.answers.Close()
	defer close(p.frames)
	buffered := bufio.NewReader(p.answers)
	for {
		var f wire.Frame
		if err := wire.Read(buffered, &f); err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, os.ErrClosed) {
				p.garbage = fmt.Errorf("child: %w", err)
			}
			return
		}
		p.frames <- f
	}
}

func (p *process) greet(ctx context.Context, patience time.Duration) error {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	reason := ""
	select {
	case f, ok := <-p.frames:
		switch {
		case ok && f.Hello != nil:
			p.hello = *f.Hello
			return nil
		case ok:
			reason = "its first frame is another"
		case p.garbage != nil:
			reason = p.garbage.Error()
		default:
			reason = "it ended"
		}
	case <-timeout.C:
		reason = fmt.Sprintf("nothing came in %v", patience)
	case <-ctx.Done():
		return ctx.Err()
	}
	p.kill()
	return fmt.Errorf("child %s did not say hello: %s; it printed %q", p.cmd.Path, reason, cutText(p.printed.text(), 500))
}

// kill ends the process and waits until it is gone, with its output.
func (p *process) kill() {
	p.cmd.Process.Kill() // fails if it has ended already
	p.wait()
}

// wait waits for the end of a process that is ending, and then for its last
// words, unless a process that it left behind holds its pipes.
func (p *process) wait() {
	<-p.ended
	p.requests.Close()
	patience := time.NewTimer(lastWords)
	defer patience.Stop()
	select {
	case <-p.printed.done:
	case <-patience.C:
	}
	patience.Reset(lastWords)
	for {
		select {
		case _, more := <-p.frames: // receive must not be stuck with a frame for us
			if !more {
				return
			}
		case <-patience.C:
			p.answers.Close()
		}
	}
}

// close ends a child that is not needed any more.
func (p *process) close() {
	p.kill()
	p.release()
}

// used returns the CPU time used since it was last asked for; total is what the
// child says. If it has ended, the system knows better.
func (p *process) used(total time.Duration) time.Duration {
	select {
	case <-p.ended:
		total = p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	default:
	}
	used := max(total-p.cpu, 0)
	p.cpu += used
	return used
}

func cutText(s string, n int) string {
	if len(s) > n {
		return s[:n] + "..."
	}
	return s
}
