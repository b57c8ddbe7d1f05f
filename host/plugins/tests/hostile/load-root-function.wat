;; Attack: an import without an interface around it
;; Expect: refused, cannot import run-command

(component
  (import "run-command" (func (param "line" string))))
