package target

import "testing"

// The cost of the code layer: Direct is a bare locked map, Coded the same map driven by
// codes. Compare the two of one run; the machine cancels out.
func BenchmarkCodes(b *testing.B) {
	benchmarkCodes(b, Int(), Int())
	benchmarkCodes(b, String(), String())
	benchmarkCodes(b, Int(), Any())
	benchmarkCodes(b, Int(), Array4())
	benchmarkCodes(b, Int(), Bytes256())
	benchmarkCodes(b, Int(), KiB2())
	benchmarkCodes(b, Int(), Pointer())
	benchmarkCodes(b, Pointer(), Int())
	benchmarkCodes(b, LongString(), Int())
	benchmarkCodes(b, Float64(), Int())
}

func benchmarkCodes[K, V comparable](b *testing.B, key Codec[K], value Codec[V]) {
	const codes = 64
	shape := Shape{Key: key.Name, Value: value.Name}.String()
	b.Run(shape+"/direct", func(b *testing.B) {
		m := behindMutex[K, V]()
		var keys [codes]K
		var values [codes]V
		for i := range keys {
			keys[i], values[i] = key.Encode(uint64(i)), value.Encode(uint64(i))
		}
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			m.Store(keys[i%codes], values[i%codes])
			m.Load(keys[i%codes])
		}
	})
	b.Run(shape+"/coded", func(b *testing.B) {
		v := &Adapt("m", key, value, behindMutex[K, V], Contract{}).Variants[0]
		v.Prepare(codes, codes)
		m := v.New()
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			m.Store(uint64(i%codes), uint64(i%codes))
			m.Load(uint64(i % codes))
		}
	})
}

// What every run pays for a fresh map: its own methods, and those of the layer,
// which an instance that is renewed keeps.
func BenchmarkNew(b *testing.B) {
	b.Run("direct", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			newMap = syncMapOf[int, int]()
		}
	})
	v := &Adapt("m", Int(), Int(), syncMapOf[int, int], Contract{}).Variants[0]
	b.Run("coded", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			newInstance = v.New()
		}
	})
	b.Run("renewed", func(b *testing.B) {
		in := v.New()
		b.ReportAllocs()
		for range b.N {
			in.Renew()
		}
	})
}

var ( // so that nothing is optimised away
	newMap      Map[int, int]
	newInstance Instance
)
