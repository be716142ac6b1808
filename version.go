package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"wardline/storage"
)

// version tells which build this is and which databases it reads.
func version(w io.Writer) error {
	fmt.Fprintf(w, "wardline %s\n%s %s/%s\nschema %d\n", buildName(), runtime.Version(), runtime.GOOS, runtime.GOARCH, storage.SchemaVersion)
	return nil
}

// buildName names the build as exactly as the toolchain knows it.
func buildName() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown build)"
	}
	name := info.Main.Version
	if name == "" || name == "(devel)" {
		name = "development build"
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			name += " " + s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			name += " with changes"
		}
	}
	return name
}
