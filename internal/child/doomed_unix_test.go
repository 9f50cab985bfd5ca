//go:build unix

package child

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

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
