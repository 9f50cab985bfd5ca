package main

import (
	"bufio"
	"io"
	"regexp"
	"testing"
	"time"
)

// TestSay: what takes long is told, and after a while how long.
func TestSay(t *testing.T) {
	r, w := io.Pipe()
	a := &app{stderr: w}
	done := a.say("building", time.Millisecond, 2*time.Millisecond)
	lines := bufio.NewScanner(r)
	for _, want := range []string{`^building$`, `^building, for \d+s by now$`, `^building, for \d+s by now$`} {
		if !lines.Scan() || !regexp.MustCompile(want).MatchString(lines.Text()) {
			t.Errorf("said %q; want %s", lines.Text(), want)
		}
	}
	go func() { // it ends with the pipe
		for lines.Scan() {
		}
	}()
	done()
	w.Close()
}
