//! Replaces the host when a plugin's module is loaded outside a component, for example by a unit test. The build
//! substitutes the host's interfaces.

const nobody: any = new Proxy(
  {},
  {
    get: (_, name) => {
      throw new Error(
        `\`${String(name)}\` asks the host, and there is none here; \`afpi-plugin/testing\` runs the whole plugin`,
      );
    },
  },
);

export default nobody;
