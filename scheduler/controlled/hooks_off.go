//go:build !mapstress_controlled

package controlled

// Available says whether this program was built with hooks.
const Available = false

// Without hooks no Engine is made, so that none of these is called.

func setup(func(addr, size, pc uintptr, kind uint32)) *news { panic(noHooks) }
func begin(uint64)                                          { panic(noHooks) }
func setBits(uintptr)                                       { panic(noHooks) }
func setOdds(uint64)                                        { panic(noHooks) }
func self() uintptr                                         { panic(noHooks) }
func switchTo(uintptr) uint32                               { panic(noHooks) }
func isParked(uintptr) bool                                 { panic(noHooks) }
func reason(uintptr) string                                 { panic(noHooks) }
func creator(uintptr) uintptr                               { panic(noHooks) }
func start(func()) uintptr                                  { panic(noHooks) }
func fire() bool                                            { panic(noHooks) }

// object has no heap to look at.
func object(addr uintptr) (base, size uintptr) { return addr, 0 }

const noHooks = "controlled: built without hooks"
