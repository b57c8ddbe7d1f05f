import { defineApp, type documents } from 'afpi-plugin';

export default defineApp({
  documents: {
    catalogue: () => [
      {
        id: 'bienvenue',
        label: { fr: 'Lettre de bienvenue', en: 'Welcome letter' },
        section: '',
        roles: ['commercial', 'assistante'],
        about: 'opportunite',
        pieces: [],
        archival: false,
        languages: ['fr'],
        signed: false,
        reminder: 0,
      },
    ],
    missing: () => [],
    compose(_, request, dossier): documents.Composition {
      const data = { company: dossier['entreprise'], day: request.today };
      return {
        template: 'bienvenue.typ',
        data: JSON.stringify(data),
        title: 'Bienvenue',
        fileName: 'BIENVENUE',
        invoice: null,
        mail: null,
      };
    },
  },
});
