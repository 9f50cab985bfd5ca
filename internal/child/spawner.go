package child

import (
	"os/exec"
	"runtime"
)

// A spawner starts processes from one operating system thread, which it keeps:
// on Linux a child that is to die with its parent dies with the parent's thread
// that started it.
type spawner struct {
	jobs chan spawnJob
}

type spawnJob struct {
	cmd *exec.Cmd
	err chan error
}

func newSpawner() *spawner {
	s := &spawner{jobs: make(chan spawnJob)}
	go func() { // ended by close
		runtime.LockOSThread()
		for job := range s.jobs {
			job.err <- job.cmd.Start()
		}
	}()
	return s
}

func (s *spawner) start(cmd *exec.Cmd) error {
	job := spawnJob{cmd, make(chan error, 1)}
	s.jobs <- job
	return <-job.err
}

// close ends the thread, and with it every child that is still there.
func (s *spawner) close() { close(s.jobs) }
