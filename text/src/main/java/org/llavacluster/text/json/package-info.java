/** JSON files of a model folder, read defensively: whatever is in them ends in a value or in one line that says what is wrong. */
package org.llavacluster.text.json;
