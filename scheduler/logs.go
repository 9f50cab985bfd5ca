package scheduler

import "github.com/mapstress/mapstress/history"

// Logs are what the runs of a schedule write down, in memory that may outlive the
// process: see Partial.
type Logs struct {
	Workers []history.Log // by worker
	age     []uint64      // nil if the schedule has one round
}

// LogWords returns how many words of memory a schedule's logs need.
func LogWords(s *Schedule) (words int) {
	for _, ops := range s.Workers {
		words += history.LogWords(len(ops))
	}
	return words + ageWords(s)
}

// forget has no run on the logs be one of an aged map.
func (l *Logs) forget() {
	if l.age != nil {
		clear(l.age[:ageHeader])
	}
}

// NewLogs cuts memory into the logs of a schedule; there must be at least LogWords of it.
func NewLogs(s *Schedule, memory []uint64) Logs {
	logs := Logs{Workers: make([]history.Log, len(s.Workers))}
	for w, ops := range s.Workers {
		n := history.LogWords(len(ops))
		logs.Workers[w] = history.NewLog(memory[:n:n])
		memory = memory[n:]
	}
	if n := ageWords(s); n > 0 {
		logs.age = memory[:n:n]
	}
	return logs
}
