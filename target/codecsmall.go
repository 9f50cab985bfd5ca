package target

import "reflect"

// zeroPart is left as it is.
var zeroPart = part{
	fill: func(reflect.Value, uint64) {},
	is:   func(v reflect.Value, _ uint64) bool { return v.IsZero() },
}

// smallPart is an integer that is too small for a code.
func smallPart(t reflect.Type) part {
	bits := t.Bits()
	low := func(code uint64) uint64 { return code & (1<<bits - 1) }
	get := func(v reflect.Value) uint64 { return low(uint64(v.Int())) }
	set := func(v reflect.Value, code uint64) { v.SetInt(int64(code<<(64-bits)) >> (64 - bits)) }
	if t.Kind() == reflect.Uint8 || t.Kind() == reflect.Uint16 {
		get = reflect.Value.Uint
		set = func(v reflect.Value, code uint64) { v.SetUint(low(code)) }
	}
	return part{
		bits: bits,
		fill: set,
		read: func(v reflect.Value) (uint64, bool) { return get(v), true },
		is:   func(v reflect.Value, code uint64) bool { return get(v) == low(code) },
	}
}

// joined makes one part of several, which all must be of one code. If none of them can hold it,
// each has the bits that come next, from the lowest on again when all are told.
func joined(parts []part, at func(reflect.Value, int) reflect.Value) part {
	for i := range parts {
		if parts[i].holds() {
			j := spread(parts, make([]int, len(parts)), at)
			j.bits = codeBits
			j.read = func(v reflect.Value) (uint64, bool) { return parts[i].read(at(v, i)) }
			return j
		}
	}
	shifts, bits := make([]int, len(parts)), 0
	for i := range parts {
		shifts[i] = bits % codeBits
		bits += parts[i].bits
	}
	j := spread(parts, shifts, at)
	j.bits = min(bits, codeBits)
	j.read = func(v reflect.Value) (code uint64, ok bool) {
		for i, told := 0, 0; i < len(parts) && told < codeBits; i++ {
			if parts[i].bits > 0 {
				low, _ := parts[i].read(at(v, i))
				code |= low << told
				told += parts[i].bits
			}
		}
		return code, true
	}
	return j
}

// spread is several parts that are filled with a code, shifted for each.
func spread(parts []part, shifts []int, at func(reflect.Value, int) reflect.Value) part {
	return part{
		fill: func(v reflect.Value, code uint64) {
			for i := range parts {
				parts[i].fill(at(v, i), code>>shifts[i])
			}
		},
		is: func(v reflect.Value, code uint64) bool {
			for i := range parts {
				if !parts[i].is(at(v, i), code>>shifts[i]) {
					return false
				}
			}
			return true
		},
	}
}
