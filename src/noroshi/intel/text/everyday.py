"""Everyday English words that somebody has also given to malware, a tool or a group."""

from __future__ import annotations

from noroshi.intel.text.wordlist import words

EVERYDAY = words(
    """
    able access account action active admin adobe agent air alert alpha alphabet always amnesia
    anchor android angel angler animal anna apple apocalypse apollo apply apps april aqua arch
    archer argus arm army arrow artemis asset assistant atlas attack attor aurora auto avalanche
    avenger axe baby backdoor bad badger balance ball bandit bank banker banking base bash basic
    bat beacon bear beast beef bell best beta big bill bind bird bit black blacklist blank blast
    block blood blue board body bolt bomb bond bones book boot boss bot bouncer bounty box brain
    brave break bridge bronze brute bug build builder bulk bundle burn business button cab
    cactus cake call camel camera candy cannon captain carbon card care carrot case cash castle
    cat catch center central chain champion change chaos charge charm chat check chess chicken
    china chrome circle citadel city class clean clear client clip clock cloud club cobalt cobra
    code coffee coin cold collector comet command comfort common compass complete conceal
    concept confucius connect console contact control cook cookie cool copper coral core corona
    cosmic count country cover coyote crab crash crazy creator credential criminal crimson
    critical cross crow crown crypt crypto crystal cube curl curse custom cutlass cutter cyber
    cyborg cycle daily dagger dark data date day dead deal death december deep default defender
    defray delta demo demon denial deny desert design desktop destroy destroyer detect device
    devil diamond digital dino direct disco disk distributed document dog domain domino donald
    donkey donut door dot double down downloader dragon dream drive driver droid drop dropper
    druid duck dust eagle earth east easy echo eclipse edge egg eight elastic electric element
    elephant elf elite email ember emerald emissary empire empty encrypt encrypted energy engine
    enigma epic equation error escape eternal event everest evil excel exchange exec exorcist
    exotic expert explorer express extortion extreme eye face factor fair faith falcon fall
    false family fantom fast fate father fear fender file files final finger fire firefly first
    fish five flagpro flame flash fleet flex flip float flood flow fly fog follow force forest
    form format fox frame free freedom freeze frog front frost full fun fury future galaxy game
    gamma gang garden gate gauss gazer general genesis ghost giant gift glass global globe go
    goblin god gold golden gomorrah good goose gorilla grab grace grand green grey grid griffin
    groove ground group grow guard guest guide hack hacker hail hammer hand hangover happy hard
    harvester hawk hazard head heart heaven helix hell hello help hermes hero hidden high hive
    holiday home honey hood hook hope horizon horse host hot house hub hunter hydra ice icon
    idea image impact imperial implant in index industry infect infinite info inner input insane
    inside install installer instant internet invisible iron island ivory jack jackal jaguar
    january jasmine jason jester jigsaw job joker jolly jump jungle junk jupiter just karma keep
    kernel key keylogger kill killer kind king kit kite kitten knight kraken ladon land laser
    launch layer lazy lead leak learn legend legion leopard level liberty life light lightning
    lime link lion list little live load loader local lock locked locker log logic loki long
    look loop lord lost lotus love low luck lucky lunar lynx mac machine macro magic magnet
    magnificent mail main major make maker mamba man mango manager mask master matrix matter
    maze medusa mega memento memory mercury message metal meteor micro microsoft middle midnight
    mig mild mint mirror mission mobile mode module mole molerats monarch money monitor monkey
    monster moon moth mother mount mouse move muddy multi music mystic name nebula nemesis neo
    net network neutrino new newborn news next night nightmare nitro noble node none north note
    nova november now null number oak ocean october odin office oil old omega one onion only
    onyx open operation oracle orange orb orca orchard order origin osiris other outbreak
    outlook owl pack packer page paint panda pandora panel panther paper paradise party pass
    password patch path patrol pay payload peach pearl penguin people pest phantom phase phish
    phoenix phone photo picture pilot pink pioneer pipe pirate pisces plague plan planet plasma
    platform play player plead plus point poison poker police polar pony pop port portal
    poseidon post potato power powerful predator premium press pretty prince print private pro
    process project prometheus protect proton proxy psycho public pull pulse pump punch punisher
    pupil pure purple push puzzle pyramid python quantum quest quick rabbit rage rain rainbow
    ram random ranger ransom ransomware rapid rapids rat raven ray reader ready real reaper
    rebel record recovery red redirect reflect regin region remote render replay request
    resident responder rest retro reveal revenge reverse rich ride rider ring riot rise river
    road robber robot rock rocket rogue root rose round royal ruby ruler run runner rush rust
    sad safe sage saint sakura salt samurai sand sandbox sapphire satan satellite saturn save
    scan scanner scarab scarecrow school scout scream screen script scroll sea seal search seven
    shade shadow shady shaman shark sharp shell shield shift shine ship shiva shock shop short
    shot shutdown sidewinder sigma sign signal silence silent silver simple sin sirefef six
    skeleton skip sky slave sleep slim slow small smart smash smile smoke snail snake snatch
    sneaky snow socks soft solar soldier solid sonar sonic soul source space spark spartan spear
    spectre speed sphinx spider spirit split spook spy stage standard star start state stealer
    stealth steel step stick sting stone stop storm stranger stream street strike striker strong
    student style sub subject sugar summer sun super support surprise surtr suspect swift switch
    sword system table taurus team tech terminal terminator test tetra text think three thunder
    tick tiger time tiny titan toad today tool top torch total touch tower toxic track trade
    traffic trap trash tree triangle trick trident trigger triple trojan trust turtle twelve
    twister two unit unknown update upgrade upper user utility vacuum value vampire van vault
    vector vega velvet vendetta vengeance venom venus vice victory video view vigilante viper
    virus vision voice void volcano volt vortex voyager vulture wall wallet war warrior wasp
    watch water wave web whale what wheel whisper white wild win wind window windows winner
    winter wipe wiper wire witch wizard wolf wonder wood word work world worm writer xcode yahoo
    year yellow young zero zeta zombie zone
    """
)
"""Chosen by us from the words of ordinary English; a name among them needs a word beside it."""
