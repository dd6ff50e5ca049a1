import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english, translations } from '@zxcvbn-ts/language-en'
const z = new ZxcvbnFactory({ dictionary: { ...common, ...english }, graphs: adjacencyGraphs, translations, maxLength: 40 })
const about=['milepost','Ana','Ferreira','Ana Ferreira','ana.ferreira@northwind.example','northwind','Northwind Traders','Traders']
for (const p of ['Summer2026!!','Winter2025!@#','March2026!!!!','January-2026!','Northwind2026!!','AnaFerreira26!','NorthwindTraders2026!!!','2026Summer!!!!','S0mmer2026!!!!','Sommer2026!!!','ferreira.ana2026!','Summer!2026!Winter','correct horse battery','lantern otter fjord 81','V8#kq2!zR0pw','ein Satz auf Deutsch','a password of some length','correct horse battery staple','milepost-demo','blue monkey jumps','Kx9!mQ2pLw4z', 'another lantern otter 42','cobalt harbour lantern'])
 { const r=z.check(p,about); let prod=1; for(const m of r.sequence) prod*=m.guesses; console.log(p,r.score,r.guessesLog10.toFixed(1), Math.log10(prod).toFixed(1), r.sequence.map(m=>`${m.pattern}${m.dictionaryName?':'+m.dictionaryName:''}${m.l33t?'*':''}(${m.token})${Math.round(m.guesses)}`).join(' ')) }
console.log(Object.keys({...common,...english}))
