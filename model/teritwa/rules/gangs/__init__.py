"""What gangs do: attack, fight each other, live on extortion, buy arms, recruit and move on."""
