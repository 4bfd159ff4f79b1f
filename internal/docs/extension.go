package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// extensionManifest returns the manifest of the VS Code extension, given as it is,
// with the server's settings as the properties of the first section of
// contributes.configuration. All else stays as it is, byte for byte.
func extensionManifest(manifest []byte) (string, error) {
	schema, err := settingsSchema()
	if err != nil {
		return "", err
	}
	var settings struct{ Properties json.RawMessage }
	if err := json.Unmarshal([]byte(schema), &settings); err != nil {
		return "", err
	}
	start, end, err := span(manifest, "contributes", "configuration", "0", "properties")
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	b.Write(manifest[:start])
	if err := json.Indent(&b, settings.Properties, "        ", "  "); err != nil {
		return "", err
	}
	b.Write(manifest[end:])
	return b.String(), nil
}

// span returns where the value is, in bytes, that the names of members and the
// indexes of elements lead to from the outermost value.
func span(text []byte, path ...string) (start, end int, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	for _, name := range path {
		open, err := d.Token()
		if err != nil {
			return 0, 0, err
		}
		for i := 0; ; i++ {
			if !d.More() {
				return 0, 0, fmt.Errorf("there is no %q", name)
			}
			at := any(fmt.Sprint(i))
			if open == json.Delim('{') {
				if at, err = d.Token(); err != nil {
					return 0, 0, err
				}
			}
			if at == name {
				break
			}
			var skipped json.RawMessage
			if err := d.Decode(&skipped); err != nil {
				return 0, 0, err
			}
		}
	}
	var value json.RawMessage
	if err := d.Decode(&value); err != nil {
		return 0, 0, err
	}
	end = int(d.InputOffset())
	return end - len(value), end, nil
}
