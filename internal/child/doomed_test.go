package child

import (
	"context"
	"fmt"
	"os"
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
