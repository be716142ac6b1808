package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"wardline/bot/hospital"
)

// A decoder puts the values of a document into a struct and notes everything that does not fit. The
// libraries stop at the first wrong type; people who set up a bot at night want to see all at once.
type decoder struct {
	doc      *document
	problems hospital.Problems
}

func (d *decoder) problem(path, text, remedy string) {
	d.problems = append(d.problems, hospital.Problem{
		File: d.doc.file, Line: d.doc.line(path), Key: path, Text: text, Remedy: remedy,
	})
}

// table fills the fields of a struct.
func (d *decoder) table(into reflect.Value, values map[string]any, path string) {
	fields := map[string]reflect.Value{}
	for i := range into.NumField() {
		fields[into.Type().Field(i).Tag.Get("toml")] = into.Field(i)
	}
	known := slices.Sorted(maps.Keys(fields))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		at := dotted(path, key)
		if field, ok := fields[key]; ok {
			d.value(field, values[key], at)
			continue
		}
		text, remedy := unknownKey(key, known)
		d.problem(at, text, remedy)
	}
}

// unknownKey says what is wrong with a key nobody knows. A secret gets more advice than a typo.
func unknownKey(key string, known []string) (text, remedy string) {
	if soundsSecret(key) {
		remedy = "remove it from this file, and change it if others could read it"
		if slices.Contains(known, "key_file") {
			remedy = "put it into a file that only the bot's user can read and name that in key_file, or name an environment variable in key_env"
		}
		if slices.Contains(known, "token_file") {
			remedy = "put it into a file that only the bot's user can read and name that in token_file, or name an environment variable in token_env"
		}
		return "a secret does not belong in this file", remedy
	}
	if near := nearest(key, known); near != "" {
		return "there is no such key", fmt.Sprintf("did you mean %s?", near)
	}
	return "there is no such key", "the keys here are: " + strings.Join(known, ", ")
}

// value fills one field by its type.
func (d *decoder) value(into reflect.Value, value any, path string) {
	if w, ok := reflect.TypeAssert[worded](into.Addr()); ok {
		text, ok := value.(string)
		if !ok {
			d.mistyped(path, value, `a length of time in quotes`, `write it as text such as "30m"`)
		} else if wrong, remedy := w.read(text); wrong != "" {
			d.problem(path, wrong, remedy)
		}
		return
	}
	switch into.Kind() {
	case reflect.String:
		text, ok := value.(string)
		if !ok {
			d.mistyped(path, value, "text", "write it in quotes")
			return
		}
		into.SetString(strings.TrimSpace(text))
	case reflect.Bool:
		yes, ok := value.(bool)
		if !ok {
			d.mistyped(path, value, "true or false", "write true or false, without quotes")
			return
		}
		into.SetBool(yes)
	case reflect.Int:
		n, ok := value.(int64)
		if !ok {
			d.mistyped(path, value, "a whole number", "write a number such as 5, without quotes")
			return
		}
		into.SetInt(n)
	case reflect.Struct:
		values, ok := value.(map[string]any)
		if !ok {
			d.mistyped(path, value, "a table", "write ["+path+"] on a line of its own, and its keys below")
			return
		}
		d.table(into, values, path)
	case reflect.Map:
		d.texts(into, value, path)
	case reflect.Slice:
		d.list(into, value, path)
	default:
		panic("config: no rule reads a " + into.Kind().String()) // a field of config.go nobody taught the decoder
	}
}

// texts fills a table whose keys are free and whose values are text. An empty text says nothing.
func (d *decoder) texts(into reflect.Value, value any, path string) {
	values, ok := value.(map[string]any)
	if !ok {
		d.mistyped(path, value, "a table", "write ["+path+"] on a line of its own, and its keys below")
		return
	}
	out := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		text, ok := values[key].(string)
		if !ok {
			d.mistyped(dotted(path, key), values[key], "text", "write it in quotes")
			continue
		}
		if text = strings.TrimSpace(text); text != "" {
			out[key] = text
		}
	}
	if len(out) > 0 {
		into.Set(reflect.ValueOf(out))
	}
}

// list fills a list of texts or an array of tables.
func (d *decoder) list(into reflect.Value, value any, path string) {
	values, ok := value.([]any)
	if !ok {
		remedy := `write a list such as ["engineer"]`
		if into.Type().Elem().Kind() == reflect.Struct {
			remedy = "write [[" + path + "]] above each entry"
		}
		d.mistyped(path, value, "a list", remedy)
		return
	}
	out := reflect.MakeSlice(into.Type(), len(values), len(values))
	for i, v := range values {
		d.value(out.Index(i), v, path+"["+strconv.Itoa(i)+"]")
	}
	into.Set(out)
}

func (d *decoder) mistyped(path string, value any, want, remedy string) {
	d.problem(path, "is "+kindOf(value)+" where "+want+" is wanted", remedy)
}

// kindOf names the type of a value as people call it. The value itself may be a secret.
func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case bool:
		return "true or false"
	case int64:
		return "a whole number"
	case float64:
		return "a number with a fraction"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}
