package discord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// read reads JSON that a server wrote. Servers of Discord's kind differ in whether an id or a set of flags is
// a text or a number; one such difference must not make the rest of an answer unreadable.
func read(raw []byte, out any) error {
	err := json.Unmarshal(raw, out)
	if err == nil || !json.Valid(raw) {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var loose any
	if err := d.Decode(&loose); err != nil {
		return err
	}
	bent, bendErr := json.Marshal(bend(loose, reflect.TypeOf(out)))
	if bendErr != nil {
		return err
	}
	if json.Unmarshal(bent, out) != nil {
		return err
	}
	return nil
}

// bend makes a value fit a type: numbers and texts become each other, and what cannot fit is left out.
func bend(v any, t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case v == nil:
		return nil
	case t == reflect.TypeFor[json.RawMessage]() || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) && t != reflect.TypeFor[time.Time]():
		return v
	case t == reflect.TypeFor[time.Time]():
		return moment(v)
	}
	switch t.Kind() {
	case reflect.Struct:
		return bendObject(v, t)
	case reflect.Slice:
		list, ok := v.([]any)
		if !ok {
			return nil
		}
		out := make([]any, 0, len(list))
		for _, e := range list {
			out = append(out, bend(e, t.Elem()))
		}
		return out
	case reflect.Map:
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		for key, e := range object {
			object[key] = bend(e, t.Elem())
		}
		return object
	default:
		return bendPlain(v, t.Kind())
	}
}

func bendObject(v any, t reflect.Type) any {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	out := map[string]any{}
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if e, there := object[name]; there && name != "" && name != "-" {
			out[name] = bend(e, field.Type)
		}
	}
	return out
}

// bendPlain makes a text, a number or a yes of what is one of the others; nil if it is none.
func bendPlain(v any, kind reflect.Kind) any {
	text := ""
	switch v := v.(type) {
	case string:
		text = v
	case json.Number, bool:
		text = fmt.Sprint(v)
	default:
		return nil
	}
	switch kind {
	case reflect.String:
		return text
	case reflect.Bool:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return nil
		}
		return yes
	case reflect.Float32, reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil
		}
		return n
	default:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil
		}
		return n
	}
}

// moment reads a time; one that cannot be read is left out.
func moment(v any) any {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		return nil
	}
	return text
}
