import { chromium } from '@playwright/test';
const base='http://127.0.0.1:4590';
const names={assistante:'Assistante',planificateur:'Planificateur',facturation:'Facturation'};
const st={assistante:'en_cours_montage',planificateur:'en_cours_planification',facturation:'facture'};
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu','--disable-quic']});
for (const [role,label] of Object.entries(names)) for (const [w,h,touch] of [[1440,900,false],[1024,768,false],[390,844,true]]) {
  const c=await b.newContext({viewport:{width:w,height:h},hasTouch:touch,baseURL:base,locale:'fr-FR'});
  const p=await c.newPage(); const errs=[]; p.on('console',m=>{if(m.type()==='error')errs.push(m.text())});
  await p.goto('/connexion'); await p.getByRole('button',{name:label,exact:true}).click(); await p.getByRole('heading',{level:1,name:/^Bonjour/}).waitFor();
  const over=async n=>{const o=await p.evaluate(()=>[document.documentElement.scrollWidth,innerWidth]); if(o[0]>o[1]+1) console.log('OVERFLOW',role,w,n,o)};
  await p.waitForTimeout(600); await over('home'); await p.screenshot({path:`/tmp/shots/${role}-${w}-home.png`});
  await p.goto('/opportunites?status='+st[role]); await p.waitForTimeout(1200); await over('list');
  const hrefs=await p.locator('main a[href*="/opportunites/"]').evaluateAll(a=>a.map(x=>x.getAttribute('href')).filter(x=>/[0-9a-f]{8}-/.test(x)));
  if(w===1440) await p.screenshot({path:`/tmp/shots/${role}-${w}-list.png`});
  if(!hrefs.length){console.log('no record',role,w);} else {await p.goto(hrefs[0]); await p.waitForTimeout(1500); await over('record'); await p.screenshot({path:`/tmp/shots/${role}-${w}-rec.png`,fullPage:true});}
  if(errs.length) console.log(role,w,errs.slice(0,3));
  await c.close();
}
await b.close();
