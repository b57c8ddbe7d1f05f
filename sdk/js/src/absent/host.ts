//! Stands where the host is, when a plugin's module is loaded outside of a component: by a test of a function of its own. The build
//! puts the host's interfaces in its place.

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
