//! Small PDFs for tests, saved in one or more revisions.

/// A file that grows.
#[derive(Clone, Default)]
pub struct Build {
    pub bytes: Vec<u8>,
    pub entries: Vec<(u32, [u64; 3])>,
    pub previous: Option<usize>,
    pub size: u32,
}

/// The objects of a letter of one page with a structure tree.
pub const LETTER: [(u32, &str); 7] = [
    (1, "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/Metadata 9 0 R>>"),
    (2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>"),
    (3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 10 0 R>>>>/StructParents 0>>"),
    (6, "<</Type/StructTreeRoot/K[7 0 R]/ParentTree 8 0 R/ParentTreeNextKey 1>>"),
    (7, "<</Type/StructElem/S/Document/P 6 0 R/K 0/Pg 3 0 R>>"),
    (8, "<</Nums[0 [7 0 R]]>>"),
    (10, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
];

/// What a signature adds to it.
pub const SIGNATURE: [(u32, &str); 8] = [
    (1, "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/Metadata 9 0 R/AcroForm 20 0 R>>"),
    (
        3,
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 10 0 R>>>>/StructParents 0/Tabs/S/Annots[21 0 R]>>",
    ),
    (6, "<</Type/StructTreeRoot/K[7 0 R 23 0 R]/ParentTree 8 0 R/ParentTreeNextKey 2>>"),
    (8, "<</Nums[0 [7 0 R] 1 23 0 R]>>"),
    (20, "<</Fields[21 0 R]/SigFlags 3>>"),
    (
        21,
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Een)/TU(Handtekening)/V 22 0 R/P 3 0 R/F 132/Rect[0 0 0 0]/StructParent 1>>",
    ),
    (22, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 10]/Contents<3000>>>"),
    (23, "<</Type/StructElem/S/Form/P 6 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 21 0 R>>>>"),
];

/// The objects of a list with some replaced or, where the list lacks them, added.
pub fn with<'a>(list: &[(u32, &'a str)], others: &[(u32, &'a str)]) -> Vec<(u32, &'a str)> {
    let kept = list.iter().filter(|(number, _)| others.iter().all(|(other, _)| other != number));
    kept.chain(others).copied().collect()
}

/// The letter, saved once with a table.
pub fn letter() -> Build {
    let mut build = Build::start();
    build.objects(&LETTER);
    build.stream(4, "", b"0 0 9 9 re f");
    build.stream(9, "/Type/Metadata/Subtype/XML", b"<x/>");
    build.object(5, "<</Title(Brief)>>");
    build.save("/Root 1 0 R/Info 5 0 R");
    build
}

/// The letter with a further revision that holds these objects.
pub fn revised(objects: &[(u32, &str)]) -> Build {
    let mut build = letter();
    build.objects(objects);
    build.save("/Root 1 0 R/Info 5 0 R");
    build
}

impl Build {
    pub fn start() -> Self {
        Self { bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(), ..Self::default() }
    }

    pub fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub fn entry(&mut self, number: u32, entry: [u64; 3]) {
        self.entries.push((number, entry));
        self.size = self.size.max(number + 1);
    }

    pub fn object(&mut self, number: u32, body: &str) {
        self.entry(number, [1, self.bytes.len() as u64, 0]);
        self.text(&format!("{number} 0 obj\n{body}\nendobj\n"));
    }

    pub fn objects(&mut self, objects: &[(u32, &str)]) {
        objects.iter().for_each(|(number, body)| self.object(*number, body));
    }

    pub fn stream(&mut self, number: u32, dict: &str, data: &[u8]) {
        self.entry(number, [1, self.bytes.len() as u64, 0]);
        self.text(&format!("{number} 0 obj\n<<{dict}/Length {}>>\nstream\n", data.len()));
        self.bytes.extend_from_slice(data);
        self.text("\nendstream\nendobj\n");
    }

    /// Objects in an object stream.
    pub fn packed(&mut self, container: u32, objects: &[(u32, &str)]) {
        let (mut head, mut data) = (String::new(), String::new());
        for (index, (number, body)) in objects.iter().enumerate() {
            self.entry(*number, [2, u64::from(container), index as u64]);
            head.push_str(&format!("{number} {} ", data.len()));
            data.push_str(body);
            data.push(' ');
        }
        let dict = format!("/Type/ObjStm/N {}/First {}", objects.len(), head.len());
        self.stream(container, &dict, format!("{head}{data}").as_bytes());
    }

    fn prev(&self) -> String {
        self.previous.map(|at| format!("/Prev {at}")).unwrap_or_default()
    }

    fn end(&mut self, xref: usize) {
        self.text(&format!("startxref\n{xref}\n%%EOF\n"));
        self.previous = Some(xref);
        self.entries.clear();
    }

    /// Ends a revision with a table.
    pub fn save(&mut self, trailer: &str) {
        let xref = self.bytes.len();
        self.text("xref\n0 1\n0000000000 65535 f \n");
        for (number, [kind, offset, generation]) in self.entries.clone() {
            let kind = if kind == 0 { 'f' } else { 'n' };
            self.text(&format!("{number} 1\n{offset:010} {generation:05} {kind} \n"));
        }
        self.text(&format!("trailer\n<</Size {}{trailer}{}>>\n", self.size, self.prev()));
        self.end(xref);
    }

    /// Ends a revision with a stream.
    pub fn save_stream(&mut self, number: u32, trailer: &str) {
        let xref = self.bytes.len();
        self.entry(number, [1, xref as u64, 0]);
        self.entries.sort();
        let index: Vec<String> = self.entries.iter().map(|(number, _)| format!("{number} 1")).collect();
        let mut data = Vec::new();
        for (_, [kind, second, third]) in &self.entries {
            data.push(*kind as u8);
            data.extend_from_slice(&(*second as u32).to_be_bytes());
            data.extend_from_slice(&(*third as u16).to_be_bytes());
        }
        let (size, prev) = (self.size, self.prev());
        let dict = format!("/Type/XRef/Size {size}/W[1 4 2]/Index[{}]{trailer}{prev}", index.join(" "));
        self.stream(number, &dict, &data);
        self.end(xref);
    }
}
