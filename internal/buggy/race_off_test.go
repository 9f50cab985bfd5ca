//go:build !race

package buggy_test

const raceDetector = false
