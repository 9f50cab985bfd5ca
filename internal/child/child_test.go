package child

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

func TestMain(m *testing.M) {
	if serve.Requested() {
		serve.Main(append(target.Builtin(), buggy.Targets()...))
	}
	os.Exit(m.Run())
}

func session(t testing.TB, c Config) *Session {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c.Command, c.Set = []string{exe}, "test"
	s, err := NewSession(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func parse(t testing.TB, text string) *scheduler.Schedule {
	t.Helper()
	s, err := scheduler.Parse("mapstress schedule v1\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPlainMap(t *testing.T) {
	s := session(t, Config{})
	started := time.Now()
	o, err := s.Run(context.Background(), Job{Target: "map", Schedule: parse(t, "prefill 8\ntiming start=spin\nw0 store k9 v100\nw1 store k10 v101\n"),
		Count: 1 << 30, Time: 2 * time.Second, Boundaries: []int{8}})
	t.Logf("%+v %v %v", o, err, time.Since(started))
}
