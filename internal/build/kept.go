package build

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// keptFor is for how long what was built is kept when nobody asks for it. There is a child for each
// map, toolchain and state of the tester, a test binary for each state that a package was tested
// in, and some megabytes of each.
const keptFor = 5 * 24 * time.Hour

// cacheDir returns where all of that is kept.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find where to keep what is built: %w", err)
	}
	return filepath.Join(dir, "mapstress"), nil
}

func mkdir(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("make the directory for what is built: %w", err)
	}
	return nil
}

// use notes that somebody has asked for what is kept in a directory, if there is anything.
func use(dir string) {
	now := time.Now()
	_ = os.Chtimes(dir, now, now) // what cannot be noted is built anew some day
}

// hooksFile says by its time when a child for controlled runs was built.
const hooksFile = "hooks"

// noteHooks notes that such a child was built: the packages of Go, which take longest, are compiled
// then.
func noteHooks(cache string) {
	_ = os.WriteFile(filepath.Join(cache, hooksFile), nil, 0o666) // what is not noted is thought to take long
}

// HooksAtHand reports whether children for controlled runs were built here in the last days,
// so that another one takes a second or two. It may have been with another toolchain.
func HooksAtHand() bool {
	cache, err := cacheDir()
	if err != nil {
		return false
	}
	info, err := os.Stat(filepath.Join(cache, hooksFile))
	return err == nil && time.Since(info.ModTime()) < keptFor
}

// dropOld removes what nobody has asked for in a while, and what builds have left that were killed.
func dropOld(cache string) {
	all, _ := os.ReadDir(cache)
	for _, entry := range all {
		info, err := entry.Info()
		if err == nil && entry.IsDir() && time.Since(info.ModTime()) > keptFor {
			os.RemoveAll(filepath.Join(cache, entry.Name())) // what could not be removed is removed another time
		}
	}
}
