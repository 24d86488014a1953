// What the Node.js clients of the matrix share: calls come in as JSON lines on stdin, results go out so on stdout.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Answers each call with the result of perform(call), or with describe(error) where it throws one. */
export async function serve(perform, describe) {
  for await (const line of createInterface({ input: process.stdin })) {
    let result;
    try {
      result = await perform(JSON.parse(line));
    } catch (error) {
      result = { error: describe(error) };
    }
    process.stdout.write(JSON.stringify(result) + '\n');
  }
}

const TYPES = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' };

export function mediaType(image) {
  return TYPES[image.split('.').pop()];
}

export function isUrl(image) {
  return image.startsWith('https:');
}

/** A path as a data URL; a URL stays what it is. */
export function imageUrl(image) {
  return isUrl(image) ? image : `data:${mediaType(image)};base64,${readFileSync(image).toString('base64')}`;
}
