package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal: the end for a program, and the one that says
// what the program wrote.
func terminal(t *testing.T) (theirs, ours *os.File) {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	t.Cleanup(func() { ours.Close() })
	fd := int(ours.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	return theirs, ours
}

// TestColor: a terminal gets colours, unless it or its user does not want any.
func TestColor(t *testing.T) {
	for _, test := range []struct {
		setting string
		want    bool
	}{
		{"NO_COLOR=", true},
		{"NO_COLOR=1", false},
		{"TERM=dumb", false},
	} {
		theirs, ours := terminal(t)
		cmd := exec.Command("mapstress", "fuzz", "map+mutex", "--runs", "20", "--seed", "1")
		cmd.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=", test.setting)
		cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), theirs, theirs
		err := cmd.Run()
		theirs.Close()
		// Linux ends the reading of a terminal that nobody has open by EIO.
		out, _ := io.ReadAll(ours)
		if err != nil || !strings.Contains(string(out), "clean") {
			t.Errorf("%s: %v in %q", test.setting, err, out)
		}
		if got := strings.Contains(string(out), "\x1b["); got != test.want {
			t.Errorf("%s: colours are %v in %q", test.setting, got, out)
		}
	}
}
