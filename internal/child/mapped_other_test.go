//go:build !linux

package child

import "github.com/mapstress/mapstress/target"

func mapsMemory() target.Map[int, int] { return newBox().methods(func(*box, int) {}) }
