package strategy_test

import . "github.com/mapstress/mapstress/scheduler/internal/machine"

// The ops of the map that Shuttle and Loom were measured with, which has shards with a lock
// each and an atomic counter.
const (
	insert = iota
	get
	remove
	getOrInsert
	length
	mapOps
)

// mapOp is the code of an op, at an index of the code of a worker. Each key is in a shard of
// its own.
func mapOp(op, key, at int) []Instr {
	const counter, values = 8, 10
	change := func(from, to int) []Instr {
		return []Instr{
			Lock(key), Load(values + key), Else(from, at+8),
			Set(to), Store(values + key), Unlock(key), AtomicAdd(counter, to-from), Else(-1, at+9),
			Unlock(key),
		}
	}
	switch op {
	case insert, getOrInsert:
		return change(0, 1)
	case remove:
		return change(1, 0)
	case get:
		return []Instr{Lock(key), Load(values + key), Unlock(key)}
	default:
		return []Instr{AtomicLoad(counter)}
	}
}

// mapProgram is workers that call ops, each the kinds in turn on the keys in turn.
func mapProgram(workers, ops, keys int) *Program {
	var codes [][]Instr
	for w := range workers {
		var code []Instr
		for n := range ops {
			code = append(code, mapOp((w*2+n)%mapOps, (w+n)%keys, len(code))...)
		}
		codes = append(codes, code)
	}
	return New(codes...)
}

// oneKey is two workers that insert one and the same key and remove it.
func oneKey() *Program {
	code := mapOp(insert, 0, 0)
	code = append(code, mapOp(remove, 0, len(code))...)
	return New(code, code)
}
