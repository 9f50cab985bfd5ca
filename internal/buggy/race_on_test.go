//go:build race

package buggy_test

const raceDetector = true
