//go:build unix

package child

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mapstress/mapstress/scheduler"
)

// doomedEnviron makes the test binary a parent that waits to be killed. Its value
// is the target that it runs.
const doomedEnviron = "MAPSTRESS_TEST_DOOMED"

// doomedParent prints its child's process number and runs for ever.
func doomedParent() {
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	target := os.Getenv(doomedEnviron)
	os.Unsetenv(doomedEnviron)
	s, err := NewSession(Config{Command: []string{exe}, Set: "odd", Patience: time.Minute})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	if _, err := s.Hello(ctx); err != nil {
		panic(err)
	}
	schedule, err := scheduler.Parse("mapstress schedule v1\n" + twoStores)
	if err != nil {
		panic(err)
	}
	go func() { // for ever
		_, err := s.Run(ctx, Job{Target: target, Schedule: schedule, Count: 1 << 30})
		panic(err)
	}()
	time.Sleep(100 * time.Millisecond)
	fmt.Println(s.current.cmd.Process.Pid, s.dir)
	select {}
}

// Children end with their parent, however that ends and whatever they are doing.
func TestParentKilled(t *testing.T) {
	for _, target := range []string{"takes a while", "livelocks", "deadlocks"} {
		cmd := exec.Command(executable(t))
		cmd.Env = append(os.Environ(), doomedEnviron+"="+target)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		number, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
		child, atoi := strconv.Atoi(number)
		if err != nil || atoi != nil {
			t.Fatalf("the parent printed %q (%v)", line, err)
		}
		defer os.RemoveAll(dir) // nobody is left to do it
		if !alive(child) {
			t.Fatalf("%s: there is no child %d", target, child)
		}
		cmd.Process.Kill()
		cmd.Wait()
		deadline := time.Now().Add(2 * time.Second)
		for alive(child) && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond)
		}
		if alive(child) {
			syscall.Kill(child, syscall.SIGKILL)
			t.Errorf("%s: child %d outlived its parent", target, child)
		}
	}
}

// alive reports whether a process exists and is no zombie: where nobody adopts
// orphans, nobody waits for them.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}
