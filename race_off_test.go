//go:build !race

package mapstress_test

const raceEnabled = false
