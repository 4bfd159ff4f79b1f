package docs

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// extensionManifest returns the manifest of the VS Code extension, given as it is,
// with the server's settings as the properties of the first section of
// contributes.configuration. All else stays as it is, byte for byte.
func extensionManifest(manifest []byte) (string, error) {
	schema, err := settingsSchema()
	if err != nil {
		return "", err
	}
	var settings struct {
		Properties jsontext.Value `json:"properties"`
	}
	if err := json.Unmarshal([]byte(schema), &settings); err != nil {
		return "", err
	}
	start, end, err := span(manifest, "/contributes/configuration/0/properties")
	if err != nil {
		return "", err
	}
	if err := settings.Properties.Indent(jsontext.WithIndentPrefix("        "), jsontext.WithIndent("  ")); err != nil {
		return "", err
	}
	return string(slices.Concat(manifest[:start], settings.Properties, manifest[end:])), nil
}

// span returns where the value is, in bytes, that the pointer leads to.
func span(text []byte, to jsontext.Pointer) (start, end int, err error) {
	d := jsontext.NewDecoder(bytes.NewReader(text))
	for d.StackPointer() != to {
		if _, err := d.ReadToken(); err != nil {
			return 0, 0, fmt.Errorf("%s: %w", to, err)
		}
	}
	value, err := d.ReadValue()
	if err != nil {
		return 0, 0, err
	}
	end = int(d.InputOffset())
	return end - len(value), end, nil
}
