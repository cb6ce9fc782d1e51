/**
 * The classic marching cubes triangles (Lorensen & Cline 1987), as PyRadiomics takes them; see ../mesh-table.ts.
 *
 * Only the cells whose corner 7 is outside are listed: PyRadiomics meshes a cell with corner 7 inside as its complement,
 * turned inside out. Where a face is ambiguous the surface may then have a hole; areas and volumes are the same as its.
 * Made by data-scripts/reference/marching-cubes-table.py lorensen.
 * Layer:  radiomics; imports nothing.
 */

// biome-ignore format: a table reads better packed
const HALF: readonly string[] = [
  "", "380", "910", "381189", "a21", "380a21", "a29920", "3828a289a", "2b3", "2b00b8", "091b32", "2b1b91b89",
  "1a33ab", "1a0a80ab8", "0939b39ab", "a89b8a", "874", "034437", "910748", "914174137", "a21748",
  "743403a21", "a29209748", "9a2792372497", "7482b3", "74b42b402", "109748b32", "b74b492b9129", "1a3ab3487",
  "ab1b414014b7", "874b09ab930b", "b749b4ab9", "459", "459380", "450051", "458538513", "a21459", "803a21594",
  "a25245204", "5a2523453843", "459b32", "2b0b80594", "450510b32", "512852b82584", "b3a31a459",
  "5941801a8ab8", "045b05ab530b", "845a85b8a", "879975", "039359375", "870710751", "351753", "87975921a",
  "21a059035375", "20852875825a", "5a2352753", "5979872b3", "759279029b72", "b32810871751", "12b71b517",
  "85975831ab3a", "0759050b7a010ab", "0ab30b05a708075", "5ab5b7", "56a", "3806a5", "1096a5", "3818916a5",
  "561162", "561621803", "569609620", "895285625823", "b3256a", "80b02b56a", "910b326a5", "6a52912b9b89",
  "b36356315", "b805b01506b5", "6b3630560950", "956b9689b", "6a5874", "034374a56", "0916a5748",
  "56a791371497", "216156874", "521625403743", "748509560620", "937497923695962", "2b348756a",
  "6a5274024b72", "910874b326a5", "1292b9b494b76a5", "7485b31536b5", "b156b5b014b7b40", "95056063036b748",
  "956b969749b7", "94aa46", "6a4a94380", "10a06a046", "138618468a16", "941421462", "803921942462", "420624",
  "238428624", "94a46a32b", "280b82a946a4", "2b3610460a16", "146a16184b121b8", "46963931936b",
  "1b801816b419146", "6b3063460", "84686b", "6a7a87a98", "3707a0a90a76", "76a7a1871081", "76a17a371",
  "621861981768", "962192976390937", "087607206", "237276", "b3286a98a768", "702b72790a767a9",
  "0818717a1a76b32", "12b71b16a176", "69876861936b631", "19076b", "0876070b306b", "6b7",
];

/** Triangles of all 256 cells, in the form of `TRIANGLES`. */
export const CLASSIC_TRIANGLES: readonly string[] = [...HALF, ...HALF.map(turned).reverse()];

/** The triangles, seen from the other side. */
function turned(codes: string): string {
  return codes.replace(/(.)(.)(.)/g, "$1$3$2");
}
