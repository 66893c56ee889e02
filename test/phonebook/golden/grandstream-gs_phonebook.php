<?xml version="1.0" encoding="UTF-8"?>
<AddressBook>
<Contact><LastName>]]&gt;&amp;amp;</LastName><FirstName>Smith &amp; Sons &lt;x&gt; &quot;q&quot; &#39;a&#39;</FirstName><Phone><phonenumber>502</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Berg</LastName><FirstName>Ina</FirstName><Phone><phonenumber>501</phonenumber><accountindex>1</accountindex></Phone><Phone><phonenumber>00048221234567</phonenumber><accountindex>1</accountindex></Phone><Phone><phonenumber>001701234567</phonenumber><accountindex>1</accountindex></Phone><Phone><phonenumber>008912345</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Besprechung, Raum 1</LastName><FirstName/><Phone><phonenumber>511</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Emoji</LastName><FirstName>😀</FirstName><Phone><phonenumber>514</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Łódź</LastName><FirstName>Łukasz</FirstName><Phone><phonenumber>504</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Lone surrogate #hash</LastName><FirstName>Control</FirstName><Phone><phonenumber>509</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Long name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name name</LastName><FirstName/><Phone><phonenumber>508</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Müller-Lüdenscheidt</LastName><FirstName>Anna</FirstName><Phone><phonenumber>503</phonenumber><accountindex>1</accountindex></Phone><Phone><phonenumber>001701111111</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Αλφα</LastName><FirstName>Ωμέγα</FirstName><Phone><phonenumber>505</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Ткаченко</LastName><FirstName>Оксана</FirstName><Phone><phonenumber>510</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>לוי</LastName><FirstName>דוד</FirstName><Phone><phonenumber>507</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
<Contact><LastName>Wang</LastName><FirstName>Wei</FirstName><Phone><phonenumber>506</phonenumber><accountindex>1</accountindex></Phone><Groups><groupid>2</groupid></Groups></Contact>
</AddressBook>
