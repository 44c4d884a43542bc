// Runs MoveNet with TensorFlow.js: node movenet.cjs MODEL.json MODEL.bin PIXELS HEIGHT WIDTH, pixels as 32-bit
// integers; prints the [1, 6, 56] numbers as JSON.
const fs = require("fs");
const tf = require("@tensorflow/tfjs-core");
const { loadGraphModel } = require("@tensorflow/tfjs-converter");
require("@tensorflow/tfjs-backend-cpu");

const bytes = (path) => {
  const content = fs.readFileSync(path);
  return content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
};

const main = async (modelPath, weightsPath, pixelsPath, height, width) => {
  await tf.setBackend("cpu");
  const { modelTopology, weightsManifest, signature } = JSON.parse(fs.readFileSync(modelPath));
  const weightSpecs = weightsManifest[0].weights;
  const model = await loadGraphModel(
    tf.io.fromMemory({ modelTopology, weightSpecs, weightData: bytes(weightsPath), signature }),
  );
  const pixels = new Int32Array(bytes(pixelsPath));
  const found = model.execute(tf.tensor4d(pixels, [1, Number(height), Number(width), 3], "int32"));
  console.log(JSON.stringify(Array.from(found.dataSync())));
};

main(...process.argv.slice(2));
