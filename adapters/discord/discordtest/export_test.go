package discordtest

// Unoffered are the operations of the description without a handler, and handlers without an operation.
func Unoffered(d *Description) (found []string) {
	known := make(map[string]bool)
	for _, r := range d.routes {
		for method := range r.operations {
			name := method + " " + r.path
			known[name] = true
			if handlers[name] == nil {
				found = append(found, name)
			}
		}
	}
	for name := range handlers {
		if !known[name] {
			found = append(found, name)
		}
	}
	return found
}

// CompileAll compiles the schemas of all bodies and answers.
func CompileAll(d *Description) error {
	for _, r := range d.routes {
		for _, op := range r.operations {
			pointers := []string{op.request}
			for _, pointer := range op.answers {
				pointers = append(pointers, pointer)
			}
			for _, pointer := range pointers {
				if pointer == "" {
					continue
				}
				if _, err := d.schema(pointer); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
