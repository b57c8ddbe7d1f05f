PLUGINS := workflow objectifs notifications ypareo
TARGET  := $(or $(CARGO_TARGET_DIR),target)

.PHONY: plugins
plugins: ## Compile the plugins for the sandbox and pack each into dist/plugins/<id>.wasm
	cargo build --profile guest --target wasm32-unknown-unknown $(PLUGINS:%=-p afpi-plugin-%)
	cargo build -p afpi-plugin-tool
	@for plugin in $(PLUGINS); do \
	  id=$$(sed -n 's/^id *= *"\(.*\)"/\1/p' plugins/$$plugin/plugin.toml); \
	  $(TARGET)/debug/afpi-plugin-tool pack $(TARGET)/wasm32-unknown-unknown/guest/afpi_plugin_$$plugin.wasm \
	    --manifest plugins/$$plugin/plugin.toml --output dist/plugins/$$id.wasm || exit 1; \
	done
