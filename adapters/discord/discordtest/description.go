package discordtest

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the description of the API
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed testdata/discord-openapi.json.gz
var packedDescription []byte

// descriptionURL names the document inside the validator; nothing is ever fetched from it.
const descriptionURL = "mem:///discord-openapi.json"

// A Description is Discord's description of its HTTP API, ready to judge bodies. It is safe for several
// servers at once; loading it takes some tens of milliseconds, so a package with many tests shares one.
type Description struct {
	routes []route

	mu       sync.Mutex // guards compiler, which is not safe, and compiled
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

// A route is one path of the description with its operations.
type route struct {
	path       string
	parts      []string
	operations map[string]operation // by method in upper case
}

// An operation says where the schemas of its bodies lie in the document; no body has no pointer.
type operation struct {
	request  string
	required bool
	answers  map[string]string // by status; an empty pointer promises no body
}

// LoadDescription unpacks the copy of the description that comes with this package.
func LoadDescription() (*Description, error) {
	packed, err := gzip.NewReader(bytes.NewReader(packedDescription))
	if err != nil {
		return nil, fmt.Errorf("unpack description: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(packed)
	if err != nil {
		return nil, fmt.Errorf("read description: %w", err)
	}
	root, _ := doc.(map[string]any)
	if err := patchDescription(root); err != nil {
		return nil, err
	}
	d := &Description{compiler: jsonschema.NewCompiler(), compiled: make(map[string]*jsonschema.Schema)}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	if err := d.compiler.AddResource(descriptionURL, doc); err != nil {
		return nil, fmt.Errorf("add description: %w", err)
	}
	paths, _ := root["paths"].(map[string]any)
	for path, item := range paths {
		d.routes = append(d.routes, readRoute(path, item))
	}
	// A literal path comes before one with variables: /users/@me before /users/{user_id}.
	slices.SortFunc(d.routes, func(a, b route) int {
		if n := strings.Count(a.path, "{") - strings.Count(b.path, "{"); n != 0 {
			return n
		}
		return strings.Compare(a.path, b.path)
	})
	return d, nil
}

// readRoute finds the operations of one path and where their schemas lie.
func readRoute(path string, item any) route {
	r := route{path: path, parts: strings.Split(strings.Trim(path, "/"), "/"), operations: make(map[string]operation)}
	base := "#/paths/" + pointerPart(path) + "/"
	methods, _ := item.(map[string]any)
	for method, op := range methods {
		if method == "parameters" {
			continue
		}
		found := operation{answers: make(map[string]string)}
		if body := dig(op, "requestBody"); body != nil {
			found.required, _ = dig(body, "required").(bool)
			if dig(body, "content", "application/json") != nil {
				found.request = base + method + "/requestBody/content/application~1json/schema"
			}
		}
		responses, _ := dig(op, "responses").(map[string]any)
		for status, response := range responses {
			found.answers[status] = ""
			if dig(response, "content", "application/json") != nil {
				found.answers[status] = base + method + "/responses/" + status + "/content/application~1json/schema"
			}
			if dig(response, "$ref") == "#/components/responses/ClientErrorResponse" {
				found.answers[status] = "#/components/schemas/ErrorResponse"
			}
		}
		r.operations[strings.ToUpper(method)] = found
	}
	return r
}

// pointerPart writes a name so that it may stand in a JSON pointer inside a URL's fragment.
func pointerPart(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(name)
}

// dig goes down through objects by key; it gives nil where there is nothing.
func dig(v any, keys ...string) any {
	for _, key := range keys {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[key]
	}
	return v
}

// match finds the route of a path, and the values of its variables.
func (d *Description) match(path string) (r *route, vars map[string]string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := range d.routes {
		if vars := d.routes[i].fit(parts); vars != nil {
			return &d.routes[i], vars
		}
	}
	return nil, nil
}

// fit gives the values of the route's variables, or nil when the path is another.
func (r *route) fit(parts []string) map[string]string {
	if len(parts) != len(r.parts) {
		return nil
	}
	vars := make(map[string]string)
	for i, part := range r.parts {
		switch {
		case strings.HasPrefix(part, "{"):
			vars[strings.Trim(part, "{}")] = parts[i]
		case part != parts[i]:
			return nil
		}
	}
	return vars
}

// judge says what is wrong with a JSON value by the schema at the pointer, or nil.
func (d *Description) judge(pointer string, value any) (*jsonschema.ValidationError, error) {
	schema, err := d.schema(pointer)
	if err != nil {
		return nil, err
	}
	fault := schema.Validate(value)
	if fault == nil {
		return nil, nil
	}
	invalid, ok := fault.(*jsonschema.ValidationError) //nolint:errorlint // the library returns this type, unwrapped
	if !ok {
		return nil, fmt.Errorf("judge by %s: %w", pointer, fault)
	}
	return invalid, nil
}

// schema compiles a part of the document when it is first wanted.
func (d *Description) schema(pointer string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if schema, ok := d.compiled[pointer]; ok {
		return schema, nil
	}
	schema, err := d.compiler.Compile(descriptionURL + pointer)
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", pointer, err)
	}
	d.compiled[pointer] = schema
	return schema, nil
}
