package main

import (
	"fmt"
	"math"
	"strings"
)

const (
	plotColumns = 64
	plotLabel   = 7  // columns of the labels beside a plot, and a blank
	plotLeast   = 16 // bytes of the lowest row; each further one stands for 4 times as many
)

// plot draws bytes against the size that is their index, both by magnitude, and
// marks some of the sizes on the axis. It is plain text of less than 80 columns.
func plot(bytes []uint64, marked []int) string {
	column := func(size int) int {
		return int(math.Round((plotColumns - 1) * math.Log(float64(size+1)) / math.Log(float64(len(bytes)))))
	}
	var most [plotColumns]uint64 // of the sizes that share a column
	highest := uint64(0)
	for size, n := range bytes {
		c := column(size)
		most[c] = max(most[c], n)
		highest = max(highest, n)
	}
	if highest < plotLeast {
		return strings.Repeat(" ", plotLabel+1) + "nothing\n"
	}
	var b strings.Builder
	for row := rows(highest) - 1; row >= 0; row-- {
		from := uint64(plotLeast) << (2 * row)
		line := []byte(strings.Repeat(" ", plotColumns))
		for c := range line {
			if most[c] >= from {
				line[c] = '#'
			}
		}
		fmt.Fprintf(&b, "%*s |%s\n", plotLabel-1, bytesLabel(from), strings.TrimRight(string(line), " "))
	}
	axis, labels := []byte(strings.Repeat("-", plotColumns)), []byte(strings.Repeat(" ", plotColumns+plotLabel))
	for _, size := range marked {
		axis[column(size)] = '^'
	}
	labels[0] = '0'
	for size := 1; size < len(bytes); size *= 10 {
		copy(labels[column(size):], fmt.Sprint(size))
	}
	margin := strings.Repeat(" ", plotLabel)
	fmt.Fprintf(&b, "%s+%s\n%s %s\n", margin, axis, margin, strings.TrimRight(string(labels), " "))
	return b.String()
}

// rows counts the rows that it takes to show so many bytes.
func rows(bytes uint64) (n int) {
	for ; bytes >= plotLeast; bytes /= 4 {
		n++
	}
	return n
}

// bytesLabel writes a power of two bytes: 256, 4Ki, 16Mi.
func bytesLabel(n uint64) string {
	for _, unit := range []string{"", "Ki", "Mi", "Gi"} {
		if n < 1024 {
			return fmt.Sprint(n) + unit
		}
		n /= 1024
	}
	return fmt.Sprint(n) + "Ti"
}
