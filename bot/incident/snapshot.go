package incident

import (
	"encoding/json"
	"fmt"
)

// Snapshot returns the whole state as JSON, so that a long log need not be replayed.
func (in Incident) Snapshot() ([]byte, error) {
	data, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", in.ID, err)
	}
	return data, nil
}

// ReadSnapshot reads what Snapshot wrote.
func ReadSnapshot(data []byte) (Incident, error) {
	var in Incident
	if err := json.Unmarshal(data, &in); err != nil {
		return Incident{}, fmt.Errorf("read snapshot: %w", err)
	}
	return in, nil
}
