"""Words too common to tell texts apart, by language: articles, prepositions, pronouns, auxiliaries, conjunctions.

Kept short on purpose: a word that may carry meaning in a question ("not", "without", "new") is no stop word.
"""

_WORDS = {
    "en": """
        a an the this that these those and or but nor so yet if then than as at by for from in into of off on onto over
        to up with about between during through under upon within via per i me my mine myself we us our ours you your
        yours he him his she her hers it its itself they them their theirs who whom whose which what where when why how
        there here be am is are was were been being have has had having do does did doing done will would shall should
        can could may might must also very such some any each both all too just only own same other
        dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt havent hasnt hadnt im ive youre
        youve theyre theyve weve
    """,
    "fr": """
        le la les l un une des du de d au aux à en dans par pour sur sous vers chez avec entre et ou mais donc or ni car
        que qu qui quoi dont où quand comme si ce c cet cette ces ça cela ceci celui celle ceux celles je j me m moi tu
        te t toi il elle on nous vous ils elles se s soi lui leur leurs y mon ma mes ton ta tes son sa ses notre nos
        votre vos quel quelle quels quelles lequel laquelle lesquels lesquelles auquel duquel desquels ne n plus très
        aussi ainsi tout toute tous toutes être est es suis sommes êtes sont était étaient été étant sera seront serait
        seraient soit soient fut furent avoir ai as a avons avez ont avait avaient ayant eu aura auront aurait auraient
        ait aient fait faire font jusqu lorsqu puisqu quoiqu lors alors afin
    """,
    "es": """
        el la los las lo un una unos unas al del de a ante bajo con contra desde en entre hacia hasta para por según
        sobre tras y e o u ni pero sino si que qué quien quién quienes cual cuál cuales cuáles cuyo cuya cuyos cuyas
        donde dónde cuando cuándo como cómo cuanto cuánto yo me mi mí tú te ti tu él ella ello ellos ellas se sí su sus
        le les nos nosotros nosotras vos vosotros vosotras mis tus nuestro nuestra nuestros nuestras vuestro vuestra
        este esta estos estas esto ese esa esos esas eso aquel aquella aquellos aquellas aquello muy más ya también
        ser es soy eres somos son era eran fue fueron sido siendo sea sean será serán sería serían estar está están
        estaba estaban estado haber ha he has han hay había habían hubo habrá habrán haya hayan tiene tienen
    """,
    "pt": """
        o a os as um uma uns umas ao aos à às do da dos das no na nos nas de em por pelo pela pelos pelas para com
        contra desde entre até sobre sob ante após e ou nem mas se que quem qual quais cujo cuja cujos cujas onde quando
        como quanto eu me mim tu te ti ele ela eles elas você vocês lhe lhes nós vós meu minha meus minhas teu tua teus
        tuas seu sua seus suas nosso nossa nossos nossas este esta estes estas isto esse essa esses essas isso aquele
        aquela aqueles aquelas aquilo num numa dele dela deles delas muito mais já também ser é são sou somos era eram
        foi foram sido sendo seja sejam será serão seria seriam estar está estão estava estavam ter tem têm tinha tinham
        teve há havia houve haver
    """,
    "de": """
        der die das den dem des ein eine einen einem einer eines und oder aber denn doch sondern wenn weil dass als wie
        ob so in im ins an am ans auf aus bei beim bis durch für gegen hinter mit nach neben seit über um unter von vom
        vor zu zum zur zwischen ich mich mir du dich dir er ihn ihm sie es wir uns ihr euch ihnen sich mein meine meinen
        meinem meiner dein deine sein seine seinen seinem seiner seines ihre ihren ihrem ihrer ihres unser unsere
        unseren euer eure dieser diese dieses diesen diesem jener jene jenes welcher welche welches wer wen wem wessen
        was wo wann warum auch nur noch schon sehr hier da dort bin bist ist sind seid war waren gewesen habe hast hat
        haben hatte hatten wird werden wurde wurden worden kann können konnte soll sollen sollte muss müssen man
    """,
    "ru": """
        и а но или да же ли бы что чтобы как так если когда где куда откуда кто который которая которое которые которых
        которого которой которым которому в во на с со к ко по о об обо от ото до из изо за у для при про под над между
        через я меня мне мной ты тебя тебе тобой он его ему им нем она ее её ей ней оно мы нас нам нами вы вас вам вами
        они их ими них себя себе собой мой моя мое мои твой твоя твои наш наша наше наши ваш ваша ваше ваши свой своя
        свое свои своих этот эта это эти этого этой этих этом тот та то те того той тех том также еще ещё уже тоже быть
        был была было были будет будут есть является являются чем чего чему
    """,
    "ar": """
        في من إلى على عن مع بين حتى منذ خلال عند لدى قد لقد و ف ب ل ك أو أم ثم بل لكن إن أن إذا لو كما مما ما ماذا متى
        أين كيف هل الذي التي الذين اللذان اللتان اللواتي اللاتي هذا هذه هذان هؤلاء ذلك تلك أولئك هو هي هم هن هما أنا
        نحن أنت أنتم إياه له لها لهم به بها بهم فيه فيها فيهم منه منها منهم عنه عنها عليه عليها عليهم إليه إليها كان
        كانت كانوا يكون تكون أي كل بعض وفي ومن وعلى وإلى وعن وأن وهو وهي التى الى
    """,
    "hi": """
        का की के को में से पर ने और या एवं तथा एक यह ये वह वे है हैं था थे थी थीं हो हों होता होती होते होना होने कि जो तो भी
        ही तक इस उस इन उन इसे उसे इसका इसकी इसके उसका उसकी उसके इनका इनके उनका उनकी उनके जिस जिन जिसका जिसकी जिसके जिसे
        जिसमें इसमें अपना अपनी अपने लिए द्वारा साथ हुआ हुई हुए कर करता करती करते करना करने किया किए गया गई गए गयी गये जा जाता
        जाती जाते जाना जाने रहा रही रहे सकता सकती सकते क्या कौन कब कहाँ कैसे क्यों मैं हम आप तुम मेरा मेरी मेरे हमारा हमारी
        हमारे आपका आपकी आपके वाला वाली वाले यदि अगर जब तब जैसे
    """,
    "it": """
        il lo la i gli le l un uno una di a da in con su per tra fra del dello della dei degli delle al allo alla ai
        agli alle dal dallo dalla dai dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle dell
        all dall nell sull e ed o ma se che chi cui quale quali dove quando come io mi me tu ti te lui lei noi ci voi vi
        loro si mio mia miei mie tuo tua suo sua suoi sue nostro nostra nostri nostre questo questa questi queste quello
        quella quelli quelle è sono era erano stato stata stati essere ha hanno ho aveva avevano avere anche più ne
    """,
}

STOP_WORDS: dict[str, frozenset[str]] = {language: frozenset(words.split()) for language, words in _WORDS.items()}
