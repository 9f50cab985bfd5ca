//go:build mapstress_controlled

package controlled

import (
	_ "unsafe" // for go:linkname

	"github.com/mapstress/mapstress/target"
)

// Available says whether this program was built with hooks.
const Available = true

// What follows is in the file that package instrument adds to the runtime.

//go:linkname setup runtime.mapstressSetup
func setup(hook func(addr, size, pc uintptr, kind uint32)) *news

//go:linkname begin runtime.mapstressBegin
func begin(seed uint64)

//go:linkname setBits runtime.mapstressSetBits
func setBits(bits uintptr)

//go:linkname hide runtime.mapstressHide
func hide() (bits uintptr)

//go:linkname seen runtime.mapstressSeen
func seen(addr, size uintptr)

func init() { target.Watched.Hide, target.Watched.Show, target.Watched.Read = hide, setBits, seen }

//go:linkname setOdds runtime.mapstressSetOdds
func setOdds(odds uint64)

//go:linkname self runtime.mapstressSelf
func self() uintptr

//go:linkname switchTo runtime.mapstressSwitch
func switchTo(g uintptr) (event uint32)

//go:linkname isParked runtime.mapstressIsParked
func isParked(g uintptr) bool

//go:linkname reason runtime.mapstressReason
func reason(g uintptr) string

//go:linkname creator runtime.mapstressCreator
func creator(g uintptr) (pc uintptr)

//go:linkname start runtime.mapstressGo
func start(f func()) (g uintptr)

//go:linkname object runtime.mapstressObject
func object(addr uintptr) (base, size uintptr)

//go:linkname fire runtime.mapstressFire
func fire() bool
