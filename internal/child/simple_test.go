package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/target"
)

// makers are functions that make no maps.
var makers = map[string]func() target.Map[int, int]{
	"is right": func() target.Map[int, int] { return newBox().methods(func(*box, int) {}) },
	"panics":   func() target.Map[int, int] { panic("no such luck") },
	"follows nil": func() target.Map[int, int] {
		var b *box
		b.store(1, 2)
		return target.Map[int, int]{}
	},
	"exits":  func() target.Map[int, int] { os.Exit(3); return target.Map[int, int]{} },
	"ends":   func() target.Map[int, int] { fmt.Println("bye"); os.Exit(0); return target.Map[int, int]{} },
	"goexit": func() target.Map[int, int] { runtime.Goexit(); return target.Map[int, int]{} },
	"blocks": func() target.Map[int, int] { select {} },
	"is killed": func() target.Map[int, int] { // as by a system that is out of memory
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		select {}
	},
	"sleeps": func() target.Map[int, int] { time.Sleep(time.Hour); return target.Map[int, int]{} },
}

// TestMakeKilled: a child that others end says nothing of the map.
func TestMakeKilled(t *testing.T) {
	s := session(t, Config{Set: "made by what is killed"})
	var wrong *MakingError
	if err := s.Make(context.Background()); err == nil || errors.As(err, &wrong) {
		t.Errorf("got %v; want it to be no fault of who makes the map", err)
	}
}

// TestMake: what a map is not made by is said in a line, which says where.
func TestMake(t *testing.T) {
	defer func(usual time.Duration) { makePatience = usual }(makePatience)
	makePatience = 2 * time.Second
	for how, want := range map[string]string{
		"is right":    "",
		"panics":      `^fails: an unrecovered panic: "no such luck", in github.com/mapstress/mapstress/internal/child.init.func`,
		"follows nil": `^fails: a nil pointer was followed: `,
		"exits":       "^ends the process with exit code 3, as os.Exit and log.Fatal do; it printed nothing$",
		"ends":        `^ends the process with exit code 0, as os.Exit and log.Fatal do; it printed "bye"$`,
		"goexit":      `^fails: an unrecovered panic: "a method called runtime.Goexit"`,
		"blocks":      `^does not return, in github.com/mapstress/mapstress/internal/child.init.func.* \(simple_test.go:\d+\): select \(no cases\)$`,
		"sleeps":      `^does not return in 2s, in github.*\(simple_test.go:\d+\): sleep$`,
	} {
		s := session(t, Config{Set: "made by what " + how})
		err := s.Make(context.Background())
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", how, err)
			}
			continue
		}
		var wrong *MakingError
		if !errors.As(err, &wrong) || !regexp.MustCompile(want).MatchString(err.Error()) || strings.Contains(err.Error(), "\n") || wrong.Left != (how == "goexit") {
			t.Errorf("%s: got %v; want %s", how, err, want)
		}
	}
}
