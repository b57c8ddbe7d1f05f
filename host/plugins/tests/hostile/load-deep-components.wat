;; Attack: components in components, seventy deep
;; Expect: refused

(component
 (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component  (component )))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
