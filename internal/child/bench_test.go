package child

import (
	"context"
	"testing"
)

// BenchmarkDeaths: how many deaths a second a session survives. Each is of the
// built-in map at a growth boundary, with the runs until it dies; the overlap is
// such that this is every other run or so.
func BenchmarkDeaths(b *testing.B) {
	s := session(b, Config{})
	o, err := s.Run(context.Background(), Job{Target: "map", Schedule: parse(b, growth), Count: 1}) // start it
	if err != nil {
		b.Fatal(err)
	}
	deaths := -o.Deaths
	b.ResetTimer()
	for deaths < b.N {
		o, err := s.Run(context.Background(), Job{Target: "map", Schedule: parse(b, growth), Count: 1 << 30, StopAfter: b.N - max(deaths, 0)})
		if err != nil {
			b.Fatal(err)
		}
		deaths += o.Deaths
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deaths/s")
}

// BenchmarkRuns: what a run costs in a child that lives, with the judging.
func BenchmarkRuns(b *testing.B) {
	s := session(b, Config{})
	job := Job{Target: "sync.Map", Schedule: parse(b, growth), Count: 1}
	if _, err := s.Run(context.Background(), job); err != nil {
		b.Fatal(err)
	}
	job.Count = b.N
	b.ResetTimer()
	if _, err := s.Run(context.Background(), job); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRequest: what it costs to ask for a single run.
func BenchmarkRequest(b *testing.B) {
	s := session(b, Config{})
	job := Job{Target: "sync.Map", Schedule: parse(b, growth), Count: 1}
	for range b.N {
		if _, err := s.Run(context.Background(), job); err != nil {
			b.Fatal(err)
		}
	}
}
