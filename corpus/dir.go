package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Names that are a directory's name as they are, on every system: no separators,
// no dot or dash in front, no dot at the end, and not too long.
var (
	safeName  = pattern(`^[A-Za-z0-9_+]([A-Za-z0-9_+@.-]{0,62}[A-Za-z0-9_+@-])?$`)
	unsafeRun = pattern(`[^A-Za-z0-9_+@.-]+`)
	// Windows takes these for devices, whatever follows the first dot.
	device = pattern(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)
)

// dirName returns the name of the directory for a target's cases: the target's
// own name if that is safe, or else what of it is safe and a hash.
func dirName(target string) string {
	if safeName().MatchString(target) && !device().MatchString(target) {
		return target
	}
	safe := strings.Trim(unsafeRun().ReplaceAllString(target, "_"), "_.-")
	if len(safe) > 48 {
		safe = safe[:48]
	}
	sum := sha256.Sum256([]byte(target))
	return "_" + safe + "-" + hex.EncodeToString(sum[:4])
}
