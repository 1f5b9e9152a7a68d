#!/usr/bin/env python3
"""Writes Sources/ChatTUI/Input/EmojiNames.swift: the names that `:name:` completes.

We chose the names: short words that people type, in English and Portuguese. A name may stand for several emoji, and an
emoji may have several names; the order within a line is the order of the choices.

    python3 tools/generate_emoji_names.py
"""
import pathlib
import re
import unicodedata

# emoji: English names / Portuguese names; the first of each is shown.
TABLE = """
😀 grin smile / sorriso alegre
😃 smiley happy / feliz
😄 laugh / risada
😁 beaming / radiante
😆 lol / gargalhada
😅 phew sweat_smile / ufa
🤣 rofl / rolando_de_rir
😂 joy tears_of_joy / chorando_de_rir
🙂 slight_smile / sorrisinho
🙃 upside_down / cabeca_para_baixo
😉 wink / piscada piscadela
😊 blush / corado
😇 angel innocent / anjo
🥰 in_love / apaixonado
😍 heart_eyes / olhos_de_coracao
😘 kiss / beijo
😋 yum / delicia
😛 tongue / lingua
😜 crazy / maluco
🤪 zany / doido
🤗 hug / abraco
🤭 oops / opa
🤫 shush quiet / silencio
🤔 thinking hmm / pensando
🤐 zip / boca_fechada
🤨 eyebrow / desconfiado
😐 neutral / neutro
😑 expressionless / sem_expressao
😶 speechless / sem_palavras
😏 smirk / sorriso_torto
😒 unamused / sem_graca
🙄 eyeroll / revirando_os_olhos
😬 grimace / careta
😌 relieved / aliviado
😔 pensive / pensativo
😪 sleepy / sonolento
🤤 drool / babando
😴 sleep zzz / dormindo
😷 mask / mascara
🤒 ill sick / doente
🤕 hurt / machucado
🤢 nausea / enjoo
🤧 sneeze / espirro
🥵 hot / calor
🥶 cold freezing / frio
🥴 woozy / tonto
🤯 mind_blown / cabeca_explodindo
🥳 party / festa
😎 cool sunglasses / legal oculos_escuros
🤓 nerd / nerd
😕 confused / confuso
😟 worried / preocupado
🙁 frown / chateado
😮 wow / nossa
😲 astonished / espantado
😳 flushed / envergonhado
🥺 please puppy_eyes / por_favor
😨 fear / medo
😰 anxious / ansioso
😢 cry / choro
😭 sob / chorando
😱 scream / grito
😖 confounded / perturbado
😞 disappointed / decepcionado
😓 sweat / suor
😩 weary / exausto
😫 tired / cansado
🥱 yawn / bocejo
😤 huff / bufando
😡 angry rage / raiva
🤬 swearing / palavrao
😈 devil / diabinho
💀 skull / caveira
💩 poop / coco
🤡 clown / palhaco
👻 ghost / fantasma
👽 alien / extraterrestre
🤖 robot / robo
😺 cat_smile / gato_feliz
🙈 see_no_evil / nao_vejo
🙉 hear_no_evil / nao_ouco
🙊 speak_no_evil / nao_falo
❤️ heart love / coracao amor
🧡 orange_heart / coracao_laranja
💛 yellow_heart / coracao_amarelo
💚 green_heart / coracao_verde
💙 blue_heart / coracao_azul
💜 purple_heart / coracao_roxo
🖤 black_heart / coracao_preto
🤍 white_heart / coracao_branco
💔 broken_heart / coracao_partido
💕 two_hearts / dois_coracoes
💯 hundred / cem
💥 boom / explosao
💫 dizzy / tontura
💦 drops / gotas
💤 snooze / soneca
👋 wave hello bye / tchau aceno oi
🤚 raised_hand / mao
✋ stop_hand high_five / pare toca_aqui
👌 ok perfect / perfeito
🤏 pinch little / pouquinho
✌️ peace victory / paz vitoria
🤞 fingers_crossed / dedos_cruzados
🤘 rock / rock
🤙 call_me hang_loose / me_liga
👈 left_hand / esquerda
👉 right_hand / direita
👆 up_hand / cima
👇 down_hand / baixo
👍 thumbsup yes +1 / joia sim positivo
👎 thumbsdown no -1 / nao negativo
✊ fist / punho
👊 punch / soco
👏 clap / palmas
🙌 hooray raised_hands / viva
🤝 handshake deal / fechado aperto_de_mao
🙏 thanks pray / obrigado reza
✍️ writing_hand / escrevendo
💪 strong muscle / forca
👀 eyes / olhos
👁️ eye / olho
🧠 brain / cerebro
👶 baby / bebe
👦 boy / menino
👧 girl / menina
👨 man / homem
👩 woman / mulher
👴 grandpa / vovo
👵 grandma / vovozinha
🤷 shrug / sei_la
🤦 facepalm / mao_na_cara
🙋 me raising_hand / eu
🏃 run / correr
🚶 walk / andar
💃 dance / danca
🕺 dancer / dancarino
👪 family / familia
👣 footprints / pegadas
🐶 dog / cachorro
🐱 cat / gato
🐭 mouse / rato
🐰 rabbit / coelho
🦊 fox / raposa
🐻 bear / urso
🐼 panda / panda
🐯 tiger / tigre
🦁 lion / leao
🐮 cow / vaca
🐷 pig / porco
🐸 frog / sapo
🐵 monkey / macaco
🐔 chicken / galinha
🐧 penguin / pinguim
🐦 bird / passaro
🦆 duck / pato
🦉 owl / coruja
🐴 horse / cavalo
🦄 unicorn / unicornio
🐝 bee / abelha
🦋 butterfly / borboleta
🐞 ladybug / joaninha
🐢 turtle / tartaruga
🐍 snake / cobra
🐙 octopus / polvo
🐟 fish / peixe
🐬 dolphin / golfinho
🐳 whale / baleia
🦥 sloth / preguica
🐘 elephant / elefante
🌵 cactus / cacto
🌲 tree / arvore
🌴 palm / palmeira
🍀 clover luck / trevo sorte
🌹 rose / rosa
🌻 sunflower / girassol
🌸 blossom / flor
🍄 mushroom / cogumelo
🌍 earth world / terra mundo
🌙 moon / lua
⭐ star / estrela
🌟 glowing_star / estrela_brilhante
✨ sparkles / brilho
⚡ lightning / raio
🔥 fire / fogo
🌈 rainbow / arco_iris
☀️ sun / sol
⛅ cloudy / nublado
☁️ cloud / nuvem
🌧️ rain / chuva
⛈️ storm / tempestade
❄️ snow / neve
☔ umbrella / guarda_chuva
💧 drop / gota
🌊 ocean sea / mar onda
🍎 apple / maca
🍌 banana / banana
🍇 grapes / uva
🍉 watermelon / melancia
🍊 tangerine / laranja
🍋 lemon / limao
🍍 pineapple / abacaxi
🥭 mango / manga
🍓 strawberry / morango
🥑 avocado / abacate
🍅 tomato / tomate
🥕 carrot / cenoura
🌽 corn / milho
🍞 bread / pao
🧀 cheese / queijo
🥚 egg / ovo
🍔 burger / hamburguer
🍟 fries / batata_frita
🍕 pizza / pizza
🌭 hotdog / cachorro_quente
🥪 sandwich / sanduiche
🌮 taco / taco
🍝 pasta / macarrao
🍣 sushi / sushi
🍿 popcorn / pipoca
🍦 ice_cream / sorvete
🍩 donut / rosquinha
🍪 cookie / biscoito
🎂 birthday cake / aniversario bolo
🍰 slice / fatia
🍫 chocolate / chocolate
🍬 candy / bala
🍯 honey / mel
☕ coffee / cafe
🍵 tea / cha
🧉 mate / chimarrao
🥤 soda / refrigerante
🍺 beer / cerveja
🍻 beers cheers / cervejas
🥂 toast / brinde saude
🍷 wine / vinho
🍹 drink / drinque
🍽️ meal / refeicao
⚽ soccer football / futebol bola
🏀 basketball / basquete
🏐 volleyball / volei
🎾 tennis / tenis
🏆 trophy / trofeu
🥇 gold first / ouro
🎮 game / jogo
🎲 dice / dado
🎯 target bullseye / alvo
🎵 note music / musica
🎶 notes / notas
🎤 microphone / microfone
🎧 headphones / fones
🎸 guitar / violao guitarra
🥁 drum / tambor
🎬 movie / filme cinema
🎨 art / arte
🎉 tada celebrate / comemorar
🎊 confetti / confete
🎈 balloon / balao
🎁 gift / presente
🎄 christmas / natal
🎃 pumpkin / abobora
🎆 fireworks / fogos
🚗 car / carro
🚕 taxi / taxi
🚌 bus / onibus
🚲 bike / bicicleta
🏍️ motorcycle / moto
🚆 train / trem
🚇 subway / metro
✈️ plane / aviao
🚀 rocket / foguete
🚢 ship / navio
🚧 construction / obras
🚨 alert siren / alerta
🏠 home house / casa
🏢 office / escritorio
🏥 hospital / hospital
🏖️ beach / praia
🏕️ camping / acampamento
🗺️ map / mapa
⌚ watch / relogio
📱 phone / celular
💻 laptop computer / notebook computador
⌨️ keyboard / teclado
🖥️ desktop / monitor
🖨️ printer / impressora
💾 save floppy / salvar
📷 camera / camera
📺 tv / televisao
📞 telephone / telefone
🔋 battery / bateria
💡 idea bulb / ideia lampada
🔦 flashlight / lanterna
💰 money / dinheiro
💳 card / cartao
✉️ mail / carta
📧 email / e-mail
📦 package / pacote
📝 memo / anotacao
📅 calendar / calendario
📌 pin / alfinete
📎 paperclip clip / clipe
✂️ scissors / tesoura
🔒 lock / cadeado
🔑 key / chave
🔨 hammer / martelo
🔧 wrench / ferramenta
⚙️ gear / engrenagem
🐛 bug / inseto
🧪 test / teste
🔬 microscope / microscopio
💊 pill / remedio
🩹 bandage / curativo
🚪 door / porta
🛏️ bed / cama
🛒 cart / carrinho
🎓 graduation / formatura
📚 books / livros
📖 book / livro
📈 chart_up / grafico_subindo
📉 chart_down / grafico_caindo
🔍 search / busca
🔗 link / link
⏰ alarm / despertador
⏳ hourglass waiting / esperando ampulheta
🕐 clock / hora
✅ check done / certo feito
☑️ ballot / marcado
✔️ tick / visto
❌ cross wrong / errado xis
❗ exclamation / exclamacao
❓ question / pergunta
⚠️ warning / aviso cuidado
🚫 forbidden / proibido
⛔ no_entry / entrada_proibida
♻️ recycle / reciclar
➕ plus / mais
➖ minus / menos
➡️ right / seta_direita
⬅️ left / seta_esquerda
⬆️ up / seta_cima
⬇️ down / seta_baixo
🔄 refresh / atualizar
🆗 ok_button / botao_ok
🆕 new / novo
🆘 sos / socorro
🔔 bell / sino
🔇 mute / mudo
💬 speech / fala
💭 thought / pensamento
🔴 red / vermelho
🟠 orange / laranja_cor
🟡 yellow / amarelo
🟢 green / verde
🔵 blue / azul
🟣 purple / roxo
⚫ black / preto
⚪ white / branco
🏁 finish / chegada
🚩 flag / bandeira
🏳️‍🌈 pride / orgulho
🇧🇷 brazil / brasil
🇵🇹 portugal / portugal
🇺🇸 usa / eua
🇬🇧 uk / reino_unido
🇦🇷 argentina / argentina
🇪🇸 spain / espanha
🇫🇷 france / franca
🇩🇪 germany / alemanha
🇮🇹 italy / italia
🇯🇵 japan / japao
"""

HEADER = """/// The names that `:name:` completes. Written by tools/generate_emoji_names.py; change them there.
enum EmojiNames {
    /// An emoji with its names, the one that is shown first.
    struct Entry: Hashable, Sendable {
        let emoji: String
        let english: [String]
        let portuguese: [String]
    }

    static let entries: [Entry] = table.split(separator: "\\n").compactMap(Entry.init(line:))

    /// One line an emoji: `emoji english,… portuguese,…`.
    private static let table = \"\"\"
"""

FOOTER = """        \"\"\"
}

extension EmojiNames.Entry {
    fileprivate init?(line: Substring) {
        let parts = line.split(separator: " ")
        guard parts.count == 3 else { return nil }
        emoji = String(parts[0])
        english = parts[1].split(separator: ",").map(String.init)
        portuguese = parts[2].split(separator: ",").map(String.init)
    }
}
"""


def main():
    seen = set()
    lines = []
    for line in TABLE.strip().splitlines():
        left, portuguese = line.split(" / ")
        emoji, *english = left.split()
        portuguese = portuguese.split()
        for name in english + portuguese:
            assert re.fullmatch(r"[a-z0-9_+-]+", name), f"{name}: names are plain ASCII"
        assert emoji not in seen, f"{emoji} stands twice"
        assert english and portuguese, f"{emoji} needs a name in each language"
        assert all(unicodedata.name(c, None) for c in emoji), f"{emoji} is no assigned character"
        seen.add(emoji)
        lines.append(f"        {emoji} {','.join(english)} {','.join(portuguese)}\n")
    target = pathlib.Path(__file__).resolve().parent.parent / "Sources/ChatTUI/Input/EmojiNames.swift"
    target.write_text(HEADER + "".join(lines) + FOOTER, encoding="utf-8")


if __name__ == "__main__":
    main()
